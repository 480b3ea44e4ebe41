package io.tramontane.cluster;

import io.tramontane.cluster.config.Clocks;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.FlightHost;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.Driver;
import io.tramontane.cluster.roles.ModelRoleFactory;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.roles.RunPlan;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.roles.TaskRegistry;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.RunLock;
import io.tramontane.cluster.security.PageFilter;
import io.tramontane.cluster.security.SparkSecurity;
import io.tramontane.cluster.verify.SoundCheckpoints;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rewards.Verifiers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training run as one Spark application: long jobs, each started from a driver thread of its own, and the ledger in the
 * driver (paper section 3).
 *
 * <pre>
 *   job "trainer"      barrier stage, submitted again from the last checkpoint when it fails
 *   jobs "generator-N" one task each, submitted again when it fails
 *   jobs "verifier-N"  one task each; they start when the others are up, so that they take no place of theirs
 * </pre>
 */
public final class TrainRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainRun.class);
    private static final Duration UP_WITHIN = Duration.ofSeconds(300);
    private static final Duration UP_USUALLY = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(25);
    private static final int BEFORE_SPARK = 1000; // Spark stops its context at 50, Hadoop its file systems at 10

    private final Config config;
    private final RunFolder folder;
    private final RoleFactory roles;
    private final PolicyConfig policy;
    private final RunListener listener;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean reported;

    private TrainRun(Config config, RunFolder folder, RoleFactory roles, PolicyConfig policy, RunListener listener) {
        this.config = config;
        this.folder = folder;
        this.roles = roles;
        this.policy = policy;
        this.listener = listener;
    }

    /**
     * Trains until the steps or minutes of the config are over, or Ctrl-C.
     *
     * @param folder exists; the parts of it are made here
     * @param resumed what the ledger holds, to go on with it; empty for a new run
     * @param master Spark's master address
     * @return 0; everything that goes wrong is thrown
     */
    public static int run(
            Config config, RunFolder folder, Optional<History> resumed, String master, RunListener listener) {
        Config runnable = withoutCodeUnlessSandboxed(config, listener);
        Path model = ModelFolder.resolve(config.model());
        RoleFactory roles = new ModelRoleFactory(runnable, model);
        return run(runnable, folder.absolute(), resumed, master, new Setup(roles, Checkpoint.config(model), listener));
    }

    /** What the roles compute with, the policy's shape, and who listens. */
    public record Setup(RoleFactory roles, PolicyConfig policy, RunListener listener) {}

    /** The same with other roles. The folder is locked, unless this process has done that already. */
    public static int run(Config config, RunFolder folder, boolean resume, String master, Setup setup) {
        try (RunLock lock = RunLock.heldOrTaken(folder, setup.listener()::message)) {
            return run(config, folder, resume ? Optional.of(past(folder)) : Optional.empty(), master, setup);
        }
    }

    private static int run(Config config, RunFolder folder, Optional<History> resumed, String master, Setup setup) {
        try (RunLock lock = RunLock.heldOrTaken(folder, setup.listener()::message)) {
            folder.makeParts();
            OptionalInt checkpoint = resumed.isPresent()
                    ? new SoundCheckpoints(folder, resumed.get().recorded(), setup.listener()::message).newest()
                    : OptionalInt.empty();
            History history = resumed.orElseGet(() -> past(folder));
            new TrainRun(config, folder, setup.roles(), setup.policy(), setup.listener())
                    .run(new RunState.Past(history, checkpoint.orElse(0)), master, lock);
            return 0;
        }
    }

    /** What the ledger of a run holds: all of its file is read. */
    public static History past(RunFolder folder) {
        return History.read(RunState.eventsFile(folder));
    }

    /** Refuses a master that cannot be reached, or that has too little room for all roles at once or for such a policy. */
    public static void checkMaster(Config config, String master, PolicyConfig policy) {
        cluster(config, master, policy).check();
    }

    private static Cluster cluster(Config config, String master, PolicyConfig policy) {
        Cluster cluster = new Cluster(config, master);
        cluster.giveDirectMemory(RoleMemory.most(config, policy).direct());
        return cluster;
    }

    /** Without code problems from the gym where there is no sandbox to run programs in. */
    public static Config withoutCodeUnlessSandboxed(Config config, RunListener listener) {
        boolean code = config.stages().values().stream()
                .anyMatch(stage -> stage.data().gym().codeShare() > 0);
        if (!code) return config;
        try (Verifiers verifiers = Verifiers.open(config.rewards(), config.seed())) {
            if (verifiers.codeAvailable()) return config;
            listener.message("NO SANDBOX: training on maths only, code is never run unprotected ("
                    + verifiers.codeUnavailableReason() + ")");
        }
        GymConfig gym = config.data().gym();
        GymConfig maths = new GymConfig(
                gym.languages(),
                gym.levelWeights(),
                gym.families(),
                0,
                gym.codeLanguages(),
                gym.codeTopLevel(),
                gym.codeFamilies());
        DataConfig data = config.data();
        return config.withoutChangesOf("data.gym.codeShare")
                .with(new DataConfig(
                        data.train(), data.evaluation(), data.chat(), data.systemPrompt(), data.date(), maths));
    }

    private void run(RunState.Past past, String master, RunLock lock) {
        RunState state = new RunState(config, folder, past, roles.prompts(), listener);
        lock.onLoss(why -> state.fail(new IllegalStateException(why)));
        Runnable onCtrlC = () -> interrupted(state);
        ShutdownHookManager.get().addShutdownHook(onCtrlC, BEFORE_SPARK, END_WITHIN.toSeconds() + 5, TimeUnit.SECONDS);
        try {
            state.phase("starting Spark");
            supervise(state, master);
        } catch (Exception e) { // a failure outside the roles is reported like any other
            if (reported) throw e;
            state.fail(e);
            report(state);
        } finally {
            state.close();
            ended.countDown();
            if (!ShutdownHookManager.get().isShutdownInProgress())
                ShutdownHookManager.get().removeShutdownHook(onCtrlC);
        }
    }

    /** Ctrl-C: the trainer finishes its step and saves, the ledger is closed, then the process may end. */
    private void interrupted(RunState state) {
        state.interrupt();
        try {
            ended.await(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise(RunState state, String master) {
        Cluster cluster = cluster(config, master, policy);
        Secret secret = Secret.create();
        try (BufferAllocator allocator = new RootAllocator();
                FlightHost host = new FlightHost(allocator, cluster.driverHost(), secret, new Driver(state));
                JavaSparkContext spark = cluster.context(folder.name())) {
            announce(spark, cluster, state);
            RunPlan plan = new RunPlan(
                    config,
                    policy,
                    roles,
                    host.address(),
                    secret,
                    cluster.driverHost(),
                    folder.root().name());
            try (RoleJobs jobs = new RoleJobs(spark, cluster, plan, state)) {
                jobs.startTrainers();
                jobs.start(TaskRegistry.GENERATOR, config.cluster().generators().least());
                awaitUp(state, jobs, TaskRegistry.TRAINER, config.cluster().trainers());
                awaitUp(
                        state,
                        jobs,
                        TaskRegistry.GENERATOR,
                        config.cluster().generators().least());
                jobs.start(TaskRegistry.VERIFIER, config.cluster().verifiers().least());
                awaitUp(
                        state,
                        jobs,
                        TaskRegistry.VERIFIER,
                        config.cluster().verifiers().least());
                awaitEnd(state, jobs);
            }
            report(state);
        } catch (IOException e) {
            throw new IllegalStateException("the driver cannot listen on " + cluster.driverHost(), e);
        }
    }

    private void announce(JavaSparkContext spark, Cluster cluster, RunState state) {
        Clocks.lowered(config.cluster()).forEach(state::message);
        if (!Master.of(spark.master()).inProcess())
            spark.sc().addSparkListener(new ExecutorWatch(state, cluster.cores()));
        SparkSecurity.warning(spark.getConf()).ifPresent(line -> {
            LOG.warn(line);
            state.message(line);
        });
        if (spark.sc().uiWebUrl().isDefined())
            state.message(
                    "Spark's page: " + PageFilter.withKey(spark.sc().uiWebUrl().get(), spark.getConf()));
    }

    private static void awaitUp(RunState state, RoleJobs jobs, String role, int count) {
        long start = System.nanoTime();
        boolean warned = false;
        while (!over(state) && !state.tasks().missing(role, count).isEmpty()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            String missing = state.tasks().missing(role, count) + " not up within " + waited.toSeconds()
                    + " s: are there enough free cores for all roles?";
            if (waited.compareTo(UP_WITHIN) > 0) state.fail(new IllegalStateException(missing));
            if (!warned && waited.compareTo(UP_USUALLY) > 0) {
                state.message(missing);
                warned = true;
            }
            pause(state);
            state.hung().forEach(jobs::replace);
        }
    }

    private static void awaitEnd(RunState state, RoleJobs jobs) {
        while (!over(state)) {
            pause(state);
            state.hung().forEach(jobs::replace);
            jobs.useRoom();
            state.checkStall();
        }
    }

    private static boolean over(RunState state) {
        return state.finished() || state.failure().isPresent();
    }

    private static void pause(RunState state) {
        state.signal().await(POLL, () -> Optional.of(true).filter(x -> over(state)));
    }

    private void report(RunState state) {
        reported = true;
        state.withoutStep().ifPresent(why -> state.fail(new IllegalStateException(why)));
        Audit audit = state.end(
                state.failure().map(cause -> "failed: " + firstLine(cause)).orElseGet(state::reason));
        Throwable cause = state.failure().orElse(null);
        if (cause instanceof RuntimeException known) throw known;
        if (cause != null) throw new IllegalStateException(cause);
        if (!audit.exact()) throw new IllegalStateException(audit.toString());
    }

    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
