import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * Hadoop's own mini cluster: a ResourceManager and NodeManagers in this JVM, whose containers are real processes. Java's source
 * launcher runs it: {@code java -cp ... YarnCluster.java FOLDER NODES}. It writes FOLDER/conf/yarn-site.xml when it is up, which
 * is HADOOP_CONF_DIR for spark-submit, and ends when standard input does.
 */
public final class YarnCluster {
    private YarnCluster() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        System.setProperty("test.build.data", folder.toString()); // where it puts its files
        YarnConfiguration settings = new YarnConfiguration();
        settings.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
        settings.setInt(YarnConfiguration.NM_PMEM_MB, 8192);
        settings.setInt(YarnConfiguration.NM_VCORES, 8);
        settings.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false); // native memory is on top of what is asked for
        settings.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
        settings.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100f);
        settings.set("yarn.scheduler.capacity.root.queues", "default");
        settings.setInt("yarn.scheduler.capacity.root.default.capacity", 100);
        settings.setFloat("yarn.scheduler.capacity.root.default.maximum-am-resource-percent", 1f);
        settings.setInt(YarnConfiguration.DEBUG_NM_DELETE_DELAY_SEC, 3600); // keeps logs and launch scripts
        MiniYARNCluster cluster = new MiniYARNCluster("yarn", Integer.parseInt(args[1]), 1, 1);
        cluster.init(settings);
        cluster.start();
        if (!cluster.waitForNodeManagersToConnect(60_000)) throw new IllegalStateException("NodeManagers did not connect");
        Path conf = folder.resolve("conf");
        conf.toFile().mkdirs();
        write(cluster.getConfig(), conf.resolve("yarn-site.part"));
        if (!conf.resolve("yarn-site.part").toFile().renameTo(conf.resolve("yarn-site.xml").toFile()))
            throw new IllegalStateException("cannot rename yarn-site.part");
        while (System.in.read() >= 0) {} // until whoever started it goes
        Runtime.getRuntime().halt(0); // a stop in order takes half a minute
    }

    private static void write(Configuration settings, Path file) throws Exception {
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            settings.writeXml(out);
        }
    }
}
