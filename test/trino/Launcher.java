import java.io.IOException;

/** Starts one node of the server, and ends it when whoever started it is gone: its standard input closes then. */
public final class Launcher {
  public static void main(String[] arguments) {
    Thread watch = new Thread(() -> {
      try {
        while (System.in.read() >= 0) {}
      } catch (IOException gone) {
        // the same
      }
      Runtime.getRuntime().halt(0);
    });
    watch.setDaemon(true);
    watch.start();
    new io.trino.server.Server().start(arguments[0]);
  }
}
