package io.tramontane.cluster;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** How Spark is configured for a run: everything in one process, a local cluster of processes, or a standalone one. */
final class Cluster {
    private static final Pattern LOCAL = Pattern.compile("local(\\[([^\\],]+)(,\\s*\\d+)?\\])?");
    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\]");
    private static final int LOCAL_FAILURES = 4;

    private final Config config;
    private final SparkConf spark = new SparkConf();
    private final boolean oneMachine;
    private final int coresPerTask;

    Cluster(Config config, String master) {
        this.config = config;
        Matcher local = LOCAL.matcher(master);
        Matcher localCluster = LOCAL_CLUSTER.matcher(master);
        boolean inProcess = local.matches();
        boolean cluster = localCluster.matches();
        oneMachine = inProcess || cluster;
        spark.setMaster(inProcess ? widened(local.group(2)) : master);
        if (cluster) spark.setIfMissing("spark.executor.memory", localCluster.group(3) + "m");
        coresPerTask = cluster
                ? whole(Integer.parseInt(localCluster.group(1)), Integer.parseInt(localCluster.group(2)))
                : inProcess ? 1 : standaloneCores();
        settings();
    }

    private int roles() {
        ClusterConfig roles = config.cluster();
        return roles.generators() + roles.verifiers() + roles.trainers();
    }

    /** A task waits for ever when there are fewer slots than tasks, so local mode always has one more than it needs. */
    private String widened(String given) {
        int cores = given == null
                ? 1
                : given.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(given.trim());
        return "local[" + Math.max(cores, roles() + 1) + "," + LOCAL_FAILURES + "]";
    }

    /** A whole executor for every role's task when there are as many executors as tasks; else one core. */
    private int whole(int executors, int cores) {
        return executors >= roles() ? cores : 1;
    }

    private int standaloneCores() {
        int cores = spark.getInt("spark.executor.cores", 1);
        return whole(spark.getInt("spark.cores.max", 0) / cores, cores);
    }

    private void settings() {
        spark.setIfMissing("spark.app.name", "tramontane");
        spark.set("spark.scheduler.mode", "FAIR");
        spark.set("spark.dynamicAllocation.enabled", "false");
        spark.set("spark.speculation", "false");
        spark.set("spark.excludeOnFailure.enabled", "false");
        spark.set("spark.locality.wait", "0");
        spark.setIfMissing("spark.task.maxFailures", "20");
        spark.setIfMissing("spark.task.reaper.enabled", "true");
        spark.setIfMissing("spark.task.reaper.killTimeout", "60s");
        spark.setIfMissing("spark.network.timeout", "120s");
        spark.setIfMissing("spark.executor.heartbeatInterval", "10s");
        spark.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "5s");
        spark.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "60");
        spark.setIfMissing("spark.ui.enabled", "false");
        spark.setIfMissing("spark.ui.showConsoleProgress", "false");
        String threads = Integer.toString(config.cluster().threads());
        spark.set("spark.executorEnv.OMP_NUM_THREADS", threads);
        for (Map.Entry<String, String> variable : System.getenv().entrySet())
            if (variable.getKey().startsWith("MALLOC_"))
                spark.setIfMissing("spark.executorEnv." + variable.getKey(), variable.getValue());
        spark.setIfMissing(
                "spark.executor.extraJavaOptions",
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dai.djl.offline=true -Dai.djl.pytorch.num_interop_threads=1"
                        + " -Dai.djl.pytorch.num_threads=" + threads);
        if (oneMachine) spark.setIfMissing("spark.driver.host", "127.0.0.1");
        if (oneMachine) spark.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }

    /** Nothing leaves this machine. */
    boolean oneMachine() {
        return oneMachine;
    }

    /** Cores that a role's task takes; 1 needs no resource profile. */
    int coresPerTask() {
        return coresPerTask;
    }

    /** The address that the driver binds. */
    String driverHost() {
        return spark.get("spark.driver.host", org.apache.spark.util.Utils.localCanonicalHostName());
    }

    /** Starts Spark. */
    JavaSparkContext context() {
        return new JavaSparkContext(spark);
    }
}
