// Runs commands of the server's own tools, one after the other, in one virtual machine: to start one costs more than to do what a tool does.
// Each line that it reads is a class and the words for it. It writes what the commands wrote that failed, and ends with 1 if any did.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.apache.kafka.common.utils.Exit;

/** It is thrown where a command would end the virtual machine. Tools catch everything and end again, so what is true is the first end. */
final class Batch extends Error {
  private static final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private static final PrintStream output = new PrintStream(written, true);
  private static boolean ended;
  private static int status;
  private static byte[] said;

  private static void end(int code) {
    if (ended) return;
    ended = true;
    status = code;
    said = written.toByteArray();
  }

  private static void run(String[] words) {
    try {
      Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object) Arrays.copyOfRange(words, 1, words.length));
      end(0);
    } catch (ReflectiveOperationException thrown) {
      if (!ended) (thrown instanceof InvocationTargetException ? thrown.getCause() : thrown).printStackTrace(output);
      end(1);
    }
  }

  public static void main(String[] none) throws Exception {
    PrintStream errors = System.err;
    System.setOut(output);
    System.setErr(output);
    Exit.setExitProcedure((code, message) -> {
      end(code);
      throw new Batch();
    });
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    int failed = 0;
    for (String command = commands.readLine(); command != null; command = commands.readLine()) {
      ended = false;
      written.reset();
      run(command.split(" "));
      if (status == 0) continue;
      errors.write(said);
      failed = 1;
    }
    Runtime.getRuntime().halt(failed);
  }
}
