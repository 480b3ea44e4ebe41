package io.tramontane.cluster;

import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.roles.GeneratorRole;
import io.tramontane.cluster.roles.RunPlan;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.roles.TaskRegistry;
import io.tramontane.cluster.roles.TrainerRole;
import io.tramontane.cluster.roles.VerifierRole;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.SoundCheckpoints;
import io.tramontane.data.BadInputException;
import io.tramontane.data.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three long jobs. A job that fails while it should run ends the run, except the trainer's, which starts again. */
final class RoleJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoleJobs.class);
    private static final int TRAINER_STARTS = 4; // in a row without a step
    private static final long JOIN_MILLIS = 10_000;

    private final JavaSparkContext spark;
    private final Cluster cluster;
    private final RunPlan plan;
    private final RunState state;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();

    RoleJobs(JavaSparkContext spark, Cluster cluster, RunPlan plan, RunState state) {
        this.spark = spark;
        this.cluster = cluster;
        this.plan = plan;
        this.state = state;
    }

    /** Starts a role's job on a thread of its own; job group and pool belong to the thread. */
    void start(String role) {
        Thread thread = DaemonThreads.named("job-" + role).newThread(() -> {
            try {
                spark.setJobGroup(role, role, true);
                if (role.equals(TaskRegistry.TRAINER)) superviseTrainers();
                else run(role);
            } catch (Throwable e) {
                failed(role, e);
            }
        });
        groups.add(role);
        threads.add(thread);
        thread.start();
    }

    private void failed(String role, Throwable e) {
        if (state.stopping()) {
            LOG.info("job {} ended with the run", role, e);
        } else {
            LOG.error("job {} failed", role, e);
            state.fail(TaskFailure.of(role, e));
        }
    }

    private void run(String role) {
        RunPlan sent = plan; // this object does not travel
        boolean oneMachine = cluster.oneMachine();
        boolean inProcess = cluster.inProcess();
        Devices devices = cluster.devices();
        int tasks = role.equals(TaskRegistry.GENERATOR)
                ? plan.config().cluster().generators()
                : plan.config().cluster().verifiers();
        tasks(role, tasks).foreachPartition(numbers -> {
            int number = numbers.next();
            RunPlan local = onHost(sent, oneMachine).on(devices.of(role, number));
            if (!inProcess) checkMemory(local, role, number);
            if (role.equals(TaskRegistry.GENERATOR)) GeneratorRole.run(local, holder(role, number));
            else VerifierRole.run(local, holder(role, number));
        });
    }

    private void superviseTrainers() throws Exception {
        int before = state.step();
        for (int start = 1; ; start++) {
            try {
                runTrainers();
                return;
            } catch (Exception e) { // Scala throws checked exceptions that Java does not see
                RuntimeException failure = TaskFailure.of(TaskRegistry.TRAINER, e);
                if (state.step() > before) start = 1; // a start that made a step did not fail
                before = state.step();
                if (state.failure().isPresent()) throw e; // the run ends already: with the trainer, or before it
                if (state.stopping() || start == TRAINER_STARTS || failure instanceof BadInputException) throw e;
                LOG.warn("the trainer failed", e);
                state.restarted("the trainer failed and starts again from its last checkpoint (" + start + " of "
                        + (TRAINER_STARTS - 1) + " times): " + failure.getMessage());
            }
        }
    }

    private void runTrainers() {
        RunPlan sent = plan; // this object does not travel
        boolean oneMachine = cluster.oneMachine();
        boolean inProcess = cluster.inProcess();
        Devices devices = cluster.devices();
        RunFolder folder = RunFolder.at(plan.runFolder());
        OptionalInt step =
                new SoundCheckpoints(folder, History.read(RunState.eventsFile(folder)), state::message).newest();
        String checkpoint =
                step.isPresent() ? folder.checkpoint(step.getAsInt()).name() : null;
        BarrierStage.run(tasks(TaskRegistry.TRAINER, plan.config().cluster().trainers()), number -> {
            RunPlan local = onHost(sent, oneMachine).on(devices.of(TaskRegistry.TRAINER, number));
            if (!inProcess) checkMemory(local, TaskRegistry.TRAINER, number);
            TrainerRole.run(
                    local,
                    holder(TaskRegistry.TRAINER, number),
                    new TrainerRole.Seat(number, BarrierStage::meet),
                    checkpoint);
        });
    }

    /** One partition per task, each with its number. */
    private JavaRDD<Integer> tasks(String role, int count) {
        JavaRDD<Integer> numbers =
                spark.parallelize(IntStream.range(0, count).boxed().toList(), count);
        return cluster.profile(role).map(numbers::withResources).orElse(numbers);
    }

    /** The plan with the address of the task's own host. */
    private static RunPlan onHost(RunPlan plan, boolean oneMachine) {
        ExecutorLog.into(plan.runFolder());
        return oneMachine
                ? plan
                : plan.on(SparkEnv.get().blockManager().blockManagerId().host());
    }

    /** Refuses to start in a process that is too small for the role. */
    private static void checkMemory(RunPlan plan, String role, int number) {
        RoleMemory.of(role, plan.config(), plan.policy(), plan.roles().device().gpu())
                .check(role + "-" + number, ProcessMemory.here(), RoleMemory.mostDirect(plan.config(), plan.policy()));
    }

    /** Attempt ids of Spark's tasks grow over the whole application. */
    private static Holder holder(String role, int number) {
        return new Holder(role + "-" + number, TaskContext.get().taskAttemptId());
    }

    /** Ends all tasks: first they are asked to, then they are cancelled. */
    @Override
    public void close() {
        state.stop();
        join(JOIN_MILLIS);
        for (String group : groups) spark.cancelJobGroup(group);
        join(JOIN_MILLIS / 2);
    }

    private void join(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        try {
            for (Thread thread : threads) thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
