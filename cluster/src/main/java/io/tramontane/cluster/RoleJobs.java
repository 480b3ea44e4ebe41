package io.tramontane.cluster;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.roles.CatchUp;
import io.tramontane.cluster.roles.GeneratorRole;
import io.tramontane.cluster.roles.RunPlan;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.roles.TaskRegistry;
import io.tramontane.cluster.roles.TrainerRole;
import io.tramontane.cluster.roles.VerifierRole;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.DaemonThreads;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The long jobs: one for each generator and verifier, and one barrier stage for all trainers. Each has a thread of its own and starts
 * again when it fails, see {@link Supervisor}; Spark itself tries nothing twice. A job that may not start again ends the run.
 */
final class RoleJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoleJobs.class);
    private static final long JOIN_MILLIS = 10_000;

    private final JavaSparkContext spark;
    private final Cluster cluster;
    private final RunPlan plan;
    private final RunState state;
    private final Map<String, Thread> jobs = new ConcurrentHashMap<>(); // by job group

    RoleJobs(JavaSparkContext spark, Cluster cluster, RunPlan plan, RunState state) {
        this.spark = spark;
        this.cluster = cluster;
        this.plan = plan;
        this.state = state;
    }

    /** Starts the stage of trainers. */
    void startTrainers() {
        RunFolder folder = RunFolder.at(plan.runFolder());
        Supervisor supervisor = new Supervisor(
                TaskRegistry.TRAINER,
                () -> state.step() + folder.latestCheckpoint().orElse(0),
                new Around(TaskRegistry.TRAINER));
        thread(TaskRegistry.TRAINER, () -> supervisor.supervise(failures -> runTrainers(folder, failures)));
    }

    /** Starts so many tasks of a role, from number 0. */
    void start(String role, int count) {
        for (int number = 0; number < count; number++) start(role + "-" + number, role, number);
    }

    private void start(String task, String role, int number) {
        Supervisor supervisor = new Supervisor(role, () -> state.tasks().done(task), new Around(task));
        thread(task, () -> supervisor.supervise(failures -> run(role, number)));
    }

    private interface Work {
        void run() throws Exception;
    }

    /** The job's group and pool belong to its thread. */
    private void thread(String job, Work work) {
        Thread thread = DaemonThreads.named("job-" + job).newThread(() -> {
            try {
                spark.setJobGroup(job, job, true);
                work.run();
            } catch (Throwable e) {
                failed(job, e);
            }
        });
        jobs.put(job, thread);
        thread.start();
    }

    private void failed(String job, Throwable e) {
        if (state.stopping()) {
            LOG.info("job {} ended with the run", job, e);
        } else {
            LOG.error("job {} failed", job, e);
            state.fail(TaskFailure.of(job.replaceFirst("-\\d+$", ""), e));
        }
    }

    /** What a job's failures do to the run. */
    private final class Around implements Supervisor.Run {
        private final String job;

        Around(String job) {
            this.job = job;
        }

        @Override
        public boolean stopping() {
            return state.stopping();
        }

        @Override
        public void restarts(RuntimeException failure, String count) {
            LOG.warn("job {} failed", job, failure);
            boolean trainers = job.equals(TaskRegistry.TRAINER);
            String line = (trainers
                            ? "the trainer failed and starts again from its last checkpoint"
                            : job + " failed and starts again")
                    + " (" + count + "): " + failure.getMessage();
            if (trainers) {
                for (int rank = 0; rank < plan.config().cluster().trainers(); rank++) state.gone(job + "-" + rank);
                state.restarted(line);
            } else {
                state.gone(job);
                state.message(line);
            }
        }

        @Override
        public void pause(Duration time, BooleanSupplier until) {
            state.signal().await(time, () -> Optional.of(true).filter(x -> until.getAsBoolean()));
        }
    }

    private void run(String role, int number) {
        RunPlan sent = plan; // this object does not travel
        boolean oneMachine = cluster.oneMachine();
        Devices devices = cluster.devices();
        tasks(role, number, number + 1).foreachPartition(numbers -> {
            RunPlan local = onHost(sent, oneMachine).on(devices.of(role, number));
            if (role.equals(TaskRegistry.GENERATOR)) GeneratorRole.run(local, holder(role, number));
            else VerifierRole.run(local, holder(role, number));
        });
    }

    private void runTrainers(RunFolder folder, int failures) {
        RunPlan sent = plan; // this object does not travel
        boolean oneMachine = cluster.oneMachine();
        Devices devices = cluster.devices();
        OptionalInt step = folder.latestCheckpoint();
        String checkpoint =
                step.isPresent() ? folder.checkpoint(step.getAsInt()).name() : null;
        CatchUp catchUp = new CatchUp(state.step(), failures);
        BarrierStage.run(
                tasks(TaskRegistry.TRAINER, 0, plan.config().cluster().trainers()),
                number -> TrainerRole.run(
                        onHost(sent, oneMachine).on(devices.of(TaskRegistry.TRAINER, number)),
                        holder(TaskRegistry.TRAINER, number),
                        new TrainerRole.Seat(number, BarrierStage::meet),
                        checkpoint,
                        catchUp));
    }

    /** One partition per task, each with its number. */
    private JavaRDD<Integer> tasks(String role, int from, int to) {
        JavaRDD<Integer> numbers =
                spark.parallelize(IntStream.range(from, to).boxed().toList(), to - from);
        return cluster.profile(role).map(numbers::withResources).orElse(numbers);
    }

    /** The plan with the address of the task's own host. */
    private static RunPlan onHost(RunPlan plan, boolean oneMachine) {
        ExecutorLog.into(plan.runFolder());
        return oneMachine
                ? plan
                : plan.on(SparkEnv.get().blockManager().blockManagerId().host());
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
        for (String job : jobs.keySet()) spark.cancelJobGroup(job);
        join(JOIN_MILLIS / 2);
    }

    private void join(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        try {
            for (Thread thread : jobs.values()) thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
