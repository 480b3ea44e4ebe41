package io.tramontane.cluster;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.security.SerialFilter;
import io.tramontane.cluster.security.SparkSecurity;
import io.tramontane.data.BadInputException;
import io.tramontane.data.TemporaryFolders;
import io.tramontane.model.Cores;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/** How Spark is configured for a run: everything in one process, a local cluster of processes, or a real one. */
final class Cluster {
    private static final int FAILURES = 1; // of a task: RoleJobs starts it again
    private static final int BEAT_SECONDS = 2;
    private static final int SILENT_SECONDS = 14; // a stopped process is noticed within 20 s

    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

    /** The file that bin/setup.sh makes, where there is one. */
    private static final String CLASS_ARCHIVE = "tramontane.archive";

    private static final Pattern DIRECT_MEMORY = Pattern.compile("-XX:MaxDirectMemorySize=(\\d+)([kKmMgGtT]?)");

    /** What spark-submit calls an application that nobody named. */
    private static final String SUBMITTED = "io.tramontane.app.cli.Tramontane";

    private final Config config;
    private final SparkConf spark = new SparkConf();
    private final Master master;
    private final int coresPerTask;
    private final Devices devices;

    Cluster(Config config, String url) {
        this.config = config;
        this.master = Master.of(url);
        List<Master.Worker> workers = master.workers();
        spark.setMaster(master.inProcess() ? localUrl() : url);
        if (!workers.isEmpty())
            spark.setIfMissing("spark.executor.memory", workers.get(0).megabytes() + "m");
        if (master.startsExecutors())
            spark.setIfMissing(
                    "spark.executor.instances",
                    Integer.toString(config.cluster().mostTasks()));
        devices = Devices.of(config.cluster(), master, spark);
        coresPerTask = master.inProcess() || devices.fromSpark() // each GPU has an executor already
                ? 1
                : workers.isEmpty()
                        ? standaloneCores()
                        : whole(workers.size(), workers.get(0).cores());
        if (devices.fromSpark()
                && config.cluster().mostTasks() > config.cluster().leastTasks())
            throw new BadInputException("cluster.generators " + config.cluster().generators() + ", cluster.verifiers "
                    + config.cluster().verifiers() + ": with GPUs of Spark only one number each is allowed");
        settings();
    }

    /** Refuses a master that cannot be reached or has too little room for all roles at once. */
    void check() {
        ClusterConfig roles = config.cluster();
        if (roles.requireAuthentication()) SparkSecurity.require(spark);
        master.check(new Master.Need(
                roles(),
                coresPerTask,
                devices.fromSpark() ? roles.generators().least() + roles.trainers() : 0,
                "cluster.generators " + roles.generators() + ", cluster.verifiers " + roles.verifiers()
                        + ", cluster.trainers " + roles.trainers()));
    }

    int roles() {
        ClusterConfig roles = config.cluster();
        return master.inProcess() ? roles.mostTasks() : roles.leastTasks();
    }

    /** Local mode has one slot more than it needs: with fewer slots than tasks, a task waits for ever. */
    private String localUrl() {
        return "local[" + Math.max(master.threads(), roles() + 1) + "," + FAILURES + "]";
    }

    /** A whole executor for every role's task when there are as many executors as tasks; else one core. */
    private int whole(int executors, int cores) {
        return executors >= roles() ? cores : 1;
    }

    private int standaloneCores() {
        int cores = spark.getInt("spark.executor.cores", 1);
        int executors = master.startsExecutors()
                ? spark.getInt("spark.executor.instances", 0)
                : spark.getInt("spark.cores.max", 0) / cores;
        return whole(executors, cores);
    }

    private void settings() {
        spark.set("spark.scheduler.mode", "FAIR");
        spark.set("spark.dynamicAllocation.enabled", "false");
        spark.set("spark.speculation", "false");
        spark.set("spark.excludeOnFailure.enabled", "false");
        spark.set("spark.locality.wait", "0");
        spark.set("spark.task.maxFailures", Integer.toString(FAILURES));
        spark.setIfMissing("spark.executor.maxNumFailures", Integer.toString(Integer.MAX_VALUE)); // YARN, Kubernetes
        spark.setIfMissing("spark.deploy.maxExecutorRetries", "-1"); // the master of a local cluster
        spark.setIfMissing("spark.task.reaper.enabled", "true");
        spark.setIfMissing("spark.task.reaper.killTimeout", "5s");
        spark.setIfMissing("spark.network.timeout", "120s");
        spark.setIfMissing("spark.executor.heartbeatInterval", BEAT_SECONDS + "s");
        spark.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", SILENT_SECONDS + "s");
        spark.setIfMissing("spark.network.timeoutInterval", BEAT_SECONDS + "s");
        spark.setIfMissing("spark.barrier.sync.timeout", "300s");
        spark.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "5s");
        spark.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "60");
        if (config.cluster().sparkUi()) spark.set("spark.ui.enabled", "true");
        spark.setIfMissing("spark.ui.enabled", "false");
        spark.setIfMissing("spark.ui.killEnabled", "false");
        spark.setIfMissing("spark.ui.showConsoleProgress", "false");
        String threads = Integer.toString(config.cluster().threads());
        spark.set("spark.executorEnv.OMP_NUM_THREADS", threads);
        for (Map.Entry<String, String> variable : System.getenv().entrySet())
            if (variable.getKey().matches("MALLOC_.*|GOMP_SPINCOUNT"))
                spark.setIfMissing("spark.executorEnv." + variable.getKey(), variable.getValue());
        spark.setIfMissing(
                JAVA_OPTIONS,
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dai.djl.offline=true -Dai.djl.pytorch.num_interop_threads=1"
                        + " -Dai.djl.pytorch.num_threads=" + threads
                        + " -D" + Cores.PROPERTY + "=" + spark.get("spark.executor.cores", threads));
        if (devices.fromSpark()) CudaLibraries.passTo(spark, System.getenv(), System.getProperty("jna.library.path"));
        SerialFilter.passTo(spark);
        if (master.oneMachine()) shareTemporaryFolder();
        if (master.oneMachine()) shareClassArchive();
        if (master.oneMachine()) SparkSecurity.close(spark);
    }

    /** What executors leave when they are killed goes with the driver's folder. */
    private void shareTemporaryFolder() {
        String options = spark.get(JAVA_OPTIONS, "");
        if (options.contains("-Djava.io.tmpdir=")) return;
        TemporaryFolders.ofProcess()
                .ifPresent(folder -> spark.set(JAVA_OPTIONS, (options + " -Djava.io.tmpdir=" + folder).strip()));
    }

    /** The launcher's archive of library classes; its class path is the first of executors' as well. */
    private void shareClassArchive() {
        String archive = System.getProperty(CLASS_ARCHIVE, "");
        if (archive.isEmpty()) return;
        spark.set(
                JAVA_OPTIONS,
                (spark.get(JAVA_OPTIONS, "") + " \"-XX:SharedArchiveFile=" + archive + "\" -Xlog:cds*=off").strip());
    }

    /**
     * Executors may take so much direct memory: without a word of it the JVM's limit is the size of the heap. Refuses a smaller
     * limit of the user's.
     */
    void giveDirectMemory(long bytes) {
        if (master.inProcess()) return;
        long needed = RoleMemory.megabytes(bytes);
        String options = spark.get(JAVA_OPTIONS, "");
        Matcher given = DIRECT_MEMORY.matcher(options);
        if (!given.find()) {
            long direct = Math.max(spark.getSizeAsMb("spark.executor.memory", "1g"), needed);
            spark.set(JAVA_OPTIONS, (options + " -XX:MaxDirectMemorySize=" + direct + "m").strip());
        } else if (JavaUtils.byteStringAsMb(given.group(1) + (given.group(2).isEmpty() ? "b" : given.group(2)))
                < needed) {
            throw new BadInputException(JAVA_OPTIONS + " has " + given.group() + ", an executor needs up to " + needed
                    + "m for copies of the weights: allowed >= " + needed + "m");
        }
    }

    /** What Spark is told. */
    String setting(String key) {
        return spark.get(key);
    }

    /** True if all tasks are threads of this process. */
    boolean inProcess() {
        return master.inProcess();
    }

    /** True if all processes are on this machine. */
    boolean oneMachine() {
        return master.oneMachine();
    }

    /** What Spark gives each task of a role; empty is one core, which needs no profile. */
    Optional<ResourceProfile> profile(String role) {
        if (coresPerTask == 1 && !devices.fromSpark()) return Optional.empty();
        TaskResourceRequests requests = new TaskResourceRequests().cpus(coresPerTask);
        devices.request(role, requests);
        return Optional.of(new ResourceProfileBuilder().require(requests).build());
    }

    /** Where tasks compute. */
    Devices devices() {
        return devices;
    }

    /** The address that the driver binds. */
    String driverHost() {
        return spark.get("spark.driver.host", org.apache.spark.util.Utils.localCanonicalHostName());
    }

    /** Tasks that the executors of a context can run at the same time. */
    int slots(JavaSparkContext context) {
        int cores = context.sc()
                .maxNumConcurrentTasks(context.sc().resourceProfileManager().defaultResourceProfile());
        return cores / coresPerTask;
    }

    /** Cores that all roles take together. */
    int cores() {
        return roles() * coresPerTask;
    }

    /**
     * Starts Spark.
     *
     * @param run how Spark's pages call the application, unless the user named it
     */
    JavaSparkContext context(String run) {
        String given = spark.get("spark.app.name", SUBMITTED);
        if (given.equals(SUBMITTED)) spark.setAppName("tramontane " + run);
        return new JavaSparkContext(spark);
    }
}
