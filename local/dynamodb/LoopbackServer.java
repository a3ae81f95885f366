import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.lang.reflect.Field;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Starts DynamoDB Local with its own arguments, but on loopback alone: it has no option for that, so
 * its connectors are told before it starts. Ends when standard input does, so that it never outlives
 * who started it.
 */
final class LoopbackServer {
  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer proxy = ServerRunner.createServerFromCommandLineArgs(arguments);
    for (Connector connector : serverOf(proxy).getConnectors()) {
      ((ServerConnector) connector).setHost("127.0.0.1");
    }
    proxy.start();
    while (System.in.read() != -1) {
      // Nothing is said on it; only its end matters.
    }
    proxy.stop();
    System.exit(0);
  }

  private static Server serverOf(DynamoDBProxyServer proxy) throws Exception {
    for (Field field : DynamoDBProxyServer.class.getDeclaredFields()) {
      if (field.getType() == Server.class) {
        field.setAccessible(true);
        return (Server) field.get(proxy);
      }
    }
    throw new IllegalStateException("this DynamoDB Local has no Jetty server to bind to loopback");
  }
}
