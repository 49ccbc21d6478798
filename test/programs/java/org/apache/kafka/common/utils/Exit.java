// Stands in for the class of Kafka's by which its tools end the virtual machine.
package org.apache.kafka.common.utils;

public final class Exit {
  public interface Procedure {
    void execute(int status, String message);
  }

  private static Procedure procedure = (status, message) -> System.exit(status);

  public static void setExitProcedure(Procedure other) {
    procedure = other;
  }

  public static void exit(int status) {
    procedure.execute(status, null);
  }
}
