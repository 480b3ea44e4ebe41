package io.tramontane.cluster;

import io.tramontane.cluster.security.SparkSecurity;
import io.tramontane.data.BadInputException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.ExternalClusterManager;

/**
 * Spark's master address. One that no Spark takes, or not the Spark that runs here, is bad input, and so is one that has too
 * little room for a run's tasks: Spark itself would try for minutes, or wait without a message.
 *
 * @param url as it was given
 * @param threads of {@code local[N]}; 0 for all other kinds
 * @param workers of {@code local-cluster[...]}; empty for all other kinds
 */
public record Master(String url, int threads, List<Worker> workers) {
    private static final String ALLOWED =
            "allowed local[*], local[N], local-cluster[WORKERS,CORES,MEGABYTES] or spark://HOST:PORT";
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[\\s*(\\*|\\d+)\\s*(?:,\\s*\\d+\\s*)?\\])?");
    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\]");
    private static final Pattern STANDALONE = Pattern.compile("spark://[^/,\\s]+:\\d+(,[^/,\\s]+:\\d+)*");

    /** Spark refuses executors with less, and the JVM's own share comes off. */
    private static final int LEAST_MEGABYTES = 512;

    private static final int MOST = 10_000;

    /** What YARN and Kubernetes start where nothing is said. */
    private static final String ONE_EACH = ", one for each trainer and generator (";

    /**
     * A machine that executors can be started on.
     *
     * @param cores it has
     * @param megabytes it has
     * @param gpus it has to give
     */
    public record Worker(int cores, int megabytes, int gpus) {
        Worker(int cores, int megabytes) {
            this(cores, megabytes, 0);
        }
    }

    /** Reads an address. */
    public static Master of(String url) {
        Matcher local = LOCAL.matcher(url);
        Matcher cluster = LOCAL_CLUSTER.matcher(url);
        if (local.matches()) return new Master(url, threads(url, local.group(1)), List.of());
        if (cluster.matches()) return localCluster(url, cluster);
        if (STANDALONE.matcher(url).matches() || hasManager(url)) return new Master(url, 0, List.of());
        throw refused(url);
    }

    private static BadInputException refused(String url) {
        if (url.equals("yarn") || url.startsWith("k8s://"))
            return new BadInputException("master " + url + ": the Spark that runs here cannot talk to "
                    + (url.equals("yarn") ? "YARN" : "Kubernetes")
                    + ", submit the job jar (mvn -Pjob package) with the cluster's own spark-submit (docs/cluster.md)");
        if (url.startsWith("local-cluster"))
            return new BadInputException("master " + url
                    + ": a local cluster is three whole numbers, like local-cluster[3,1,1024]: executors, cores and"
                    + " megabytes of each");
        return new BadInputException("master " + url + ": no such master, " + ALLOWED);
    }

    private static int threads(String url, String given) {
        if (given == null) return 1;
        if (given.equals("*")) return Runtime.getRuntime().availableProcessors();
        return number(url, given, 1);
    }

    private static Master localCluster(String url, Matcher sizes) {
        Worker worker = new Worker(number(url, sizes.group(2), 1), number(url, sizes.group(3), LEAST_MEGABYTES));
        return new Master(url, 0, Collections.nCopies(number(url, sizes.group(1), 1), worker));
    }

    private static int number(String url, String digits, int least) {
        int number = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        int most = least == 1 ? MOST : Integer.MAX_VALUE - 1;
        if (number >= least && number <= most) return number;
        throw new BadInputException("master " + url + ": " + digits + ", allowed " + least + " to " + most
                + (least == 1 ? "" : " megabytes"));
    }

    /** YARN's and Kubernetes' jars, where a Spark has them, bring such a manager. */
    private static boolean hasManager(String url) {
        for (ExternalClusterManager manager : ServiceLoader.load(ExternalClusterManager.class))
            if (manager.canCreate(url)) return true;
        return false;
    }

    /** True if all tasks are threads of this process. */
    public boolean inProcess() {
        return threads > 0;
    }

    /** True if all processes are on this machine. */
    public boolean oneMachine() {
        return inProcess() || !workers.isEmpty();
    }

    /** A cluster whose Spark is started by hand, master and workers. */
    public boolean standalone() {
        return url.startsWith("spark://");
    }

    /** A cluster that starts {@code spark.executor.instances} executors when it is asked: YARN, Kubernetes. */
    public boolean startsExecutors() {
        return !oneMachine() && !standalone();
    }

    /** One line about what is open on a cluster that we did not start; empty where Spark authenticates and encrypts. */
    public Optional<String> securityWarning() {
        return oneMachine() ? Optional.empty() : SparkSecurity.warning(new SparkConf().setMaster(url));
    }

    /**
     * Refuses a master that cannot be reached, or that has no room for so many tasks at once. Of YARN and Kubernetes only what
     * they are asked for is known.
     *
     * @param need tasks that run at the same time
     */
    public void check(Need need) {
        if (inProcess()) return;
        SparkConf spark = new SparkConf().setMaster(url);
        if (need.gpus() > 0) spark.setIfMissing(Devices.PER_EXECUTOR, "1");
        if (startsExecutors()) {
            checkAsked(need, spark);
            return;
        }
        if (oneMachine())
            spark.setIfMissing("spark.executor.memory", workers.get(0).megabytes() + "m");
        if (standalone()) SparkSecurity.checkSecret(spark);
        ExecutorCapacity capacity = oneMachine()
                ? new ExecutorCapacity(spark, withGpus(spark, need))
                : StandaloneMaster.capacity(url, spark, need);
        if (capacity.gpus() < need.gpus())
            throw new BadInputException(
                    "master " + url + ": room for " + capacity.gpus() + " tasks with a GPU of their own ("
                            + capacity.text() + "), needed is room for " + need.gpus()
                            + ONE_EACH + need.who() + "; docs/cluster.md, GPUs)");
        int tasks = capacity.tasks(need.cores());
        if (tasks >= need.tasks()) return;
        throw new BadInputException("master " + url + ": room for " + tasks + " tasks of "
                + (need.cores() == 1 ? "one core" : need.cores() + " cores") + " ("
                + capacity.text() + "), needed is room for " + need.tasks() + " (" + need.who() + ")");
    }

    /** YARN and Kubernetes start as many executors as the settings say, with the cores and GPUs that they say. */
    private void checkAsked(Need need, SparkConf spark) {
        int cores = spark.getInt("spark.executor.cores", 1);
        int executors = spark.getInt("spark.executor.instances", need.tasks());
        int each = spark.getInt(Devices.PER_EXECUTOR, 0);
        if ((long) executors * (cores / need.cores()) < need.tasks())
            throw new BadInputException("master " + url + ": spark.executor.instances " + executors
                    + " of spark.executor.cores " + cores + " have too little room, needed is room for " + need.tasks()
                    + " tasks of " + (need.cores() == 1 ? "one core" : need.cores() + " cores") + " (" + need.who()
                    + ")");
        if ((long) executors * each < need.gpus())
            throw new BadInputException(
                    "master " + url + ": spark.executor.instances " + executors + " with " + Devices.PER_EXECUTOR + " "
                            + each + ", needed are " + need.gpus() + " GPUs" + ONE_EACH + need.who() + ")");
    }

    /** Spark's local cluster starts workers in one process, and each finds all GPUs of the machine. */
    private List<Worker> withGpus(SparkConf spark, Need need) {
        int gpus = spark.getInt("spark.worker.resource.gpu.amount", 0);
        if (need.gpus() > 0 && workers.size() > 1)
            throw new BadInputException(
                    "master " + url + ": " + workers.size() + " workers would give the same GPUs twice,"
                            + " allowed with GPUs is one worker with several executors: local-cluster[1,CORES,MEGABYTES] and"
                            + " spark.executor.cores, spark.executor.memory (docs/cluster.md, GPUs)");
        return workers.stream()
                .map(w -> new Worker(w.cores(), w.megabytes(), gpus))
                .toList();
    }

    /**
     * Tasks at the same time.
     *
     * @param cores of each
     * @param gpus that some of them take, one each
     * @param who needs them, for the error
     */
    public record Need(int tasks, int cores, int gpus, String who) {
        /** Without GPUs. */
        public Need(int tasks, int cores, String who) {
            this(tasks, cores, 0, who);
        }
    }
}
