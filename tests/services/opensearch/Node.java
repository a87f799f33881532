import java.io.IOException;
import java.util.List;

import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of the test cluster, run as a process of its own, so that it can be killed as a machine
 * dies: without a word to the others. It ends by itself when its standard input does, so none
 * outlives the test that started it.
 *
 * <p>Arguments: folder, number of this node from 0, then its HTTP port and the transport ports of
 * all nodes.
 */
final class Node {
    private static final String HOST = "127.0.0.1";

    private Node() {}

    public static void main(final String[] arguments) throws IOException {
        final String folder = arguments[0];
        final int own = Integer.parseInt(arguments[1]);
        final String http = arguments[2];
        final List<String> transports = List.of(arguments).subList(3, arguments.length);
        final List<String> names =
                transports.stream().map(port -> "node-" + transports.indexOf(port)).toList();
        final OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("node.name", names.get(own));
            settings.put("network.host", HOST);
            settings.put("http.port", http);
            settings.put("transport.port", transports.get(own));
            settings.putList("discovery.seed_hosts",
                    transports.stream().map(port -> HOST + ":" + port).toList());
            settings.putList("cluster.initial_cluster_manager_nodes", names);
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            // A dead node is noticed within seconds; the defaults suit a wide network.
            settings.put("cluster.fault_detection.follower_check.timeout", "2s");
            settings.put("cluster.fault_detection.leader_check.timeout", "2s");
        }).build(OpenSearchRunner.newConfigs()
                .basePath(folder).clusterName("hub-test").numOfNode(1));
        while (System.in.read() >= 0) {
            // Nothing is sent: only its end matters.
        }
        Runtime.getRuntime().halt(0);
    }
}
