// Stands in for a tool: writes its words, and ends as the first of them says. As the real ones do, it catches everything.
import org.apache.kafka.common.utils.Exit;

public final class Tool {
  public static void main(String[] words) {
    System.out.println("to say: " + String.join(" ", words));
    if (words[0].equals("throws")) throw new IllegalStateException("thrown");
    if (words[0].equals("returns")) return;
    try {
      Exit.exit(Integer.parseInt(words[0]));
    } catch (Throwable thrown) {
      System.err.println("unexpected");
      Exit.exit(1);
    }
  }
}
