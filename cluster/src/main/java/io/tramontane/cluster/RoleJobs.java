package io.tramontane.cluster;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.roles.CatchUp;
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
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
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
    private final Elastic elastic;
    private final Map<String, FailureBudget> joining =
            new TreeMap<>(); // of tasks that are not needed, while they are away
    private final Set<String> makingRoom = ConcurrentHashMap.newKeySet();
    private final Map<String, String> replaced = new ConcurrentHashMap<>(); // why a job was cancelled

    RoleJobs(JavaSparkContext spark, Cluster cluster, RunPlan plan, RunState state) {
        this.spark = spark;
        this.cluster = cluster;
        this.plan = plan;
        this.state = state;
        this.elastic = new Elastic(plan.config().cluster());
        more(TaskRegistry.GENERATOR, plan.config().cluster().generators());
        more(TaskRegistry.VERIFIER, plan.config().cluster().verifiers());
    }

    private void more(String role, Count count) {
        for (int number = count.least(); number < count.most(); number++)
            joining.put(role + "-" + number, new FailureBudget(0));
    }

    /** Starts the stage of trainers. */
    void startTrainers() {
        RunFolder folder = RunFolder.at(plan.runFolder());
        Supervisor supervisor = new Supervisor(
                TaskRegistry.TRAINER,
                () -> state.step() + folder.latestCheckpoint().orElse(0),
                new Around(TaskRegistry.TRAINER));
        thread(
                TaskRegistry.TRAINER,
                () -> supervisor.supervise(
                        failures -> told(TaskRegistry.TRAINER, () -> runTrainers(folder, failures))));
    }

    /** Starts so many tasks of a role, from number 0. */
    void start(String role, int count) {
        for (int number = 0; number < count; number++) start(role + "-" + number, role, number);
    }

    private void start(String task, String role, int number) {
        Supervisor supervisor = new Supervisor(role, () -> state.tasks().done(task), new Around(task));
        thread(task, () -> supervisor.supervise(failures -> told(task, () -> run(role, number))));
    }

    /**
     * Lets a task join for which there is room, or one leave whose room a needed task lacks. To be called every second, once all
     * needed tasks have been up.
     */
    synchronized void useRoom() {
        int slots = cluster.slots(spark);
        Optional<String> role = elastic.join(slots);
        if (role.isPresent() && neededAreUp())
            joining.keySet().stream()
                    .filter(task -> task.startsWith(role.get()))
                    .findFirst()
                    .ifPresent(task -> join(task, role.get()));
        elastic.leave(slots)
                .flatMap(leaving -> jobs.keySet().stream()
                        .filter(task -> isMore(task, leaving) && !replaced.containsKey(task))
                        .max(Comparator.naturalOrder()))
                .ifPresent(this::makeRoom);
    }

    private void makeRoom(String task) {
        makingRoom.add(task);
        replace(task, "a task that the run needs takes its room");
    }

    private boolean neededAreUp() {
        ClusterConfig roles = plan.config().cluster();
        TaskRegistry tasks = state.tasks();
        return tasks.missing(TaskRegistry.TRAINER, roles.trainers()).isEmpty()
                && tasks.missing(TaskRegistry.GENERATOR, roles.generators().least())
                        .isEmpty()
                && tasks.missing(TaskRegistry.VERIFIER, roles.verifiers().least())
                        .isEmpty();
    }

    /** True for a running task of a role that the run can do without. */
    private boolean isMore(String task, String role) {
        ClusterConfig roles = plan.config().cluster();
        Count count = role.equals(TaskRegistry.GENERATOR) ? roles.generators() : roles.verifiers();
        return task.startsWith(role) && number(task) >= count.least();
    }

    private static int number(String task) {
        return Integer.parseInt(task.substring(task.lastIndexOf('-') + 1));
    }

    private void join(String task, String role) {
        FailureBudget budget = joining.remove(task);
        elastic.joined(role);
        state.message(task + " joins: there is room for it");
        thread(task, () -> {
            try {
                told(task, () -> run(role, number(task)));
            } catch (Exception e) {
                leave(task, role, budget, TaskFailure.of(role, e));
            }
        });
    }

    /** Its room may be given back; its budget is that of all starts, so that one that only fails is not started for ever. */
    private synchronized void leave(String task, String role, FailureBudget budget, RuntimeException why) {
        if (state.stopping() || why instanceof BadInputException) throw why;
        LOG.warn("{} left", task, why);
        gone(task);
        jobs.remove(task);
        replaced.remove(task);
        elastic.left(role);
        state.message(task + " leaves, its groups go to the others: " + why.getMessage());
        if (makingRoom.remove(task) || budget.failed(state.tasks().done(task)).isPresent()) joining.put(task, budget);
        else state.message(task + " failed " + FailureBudget.FAILURES + " times without progress: it stays away");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Runs a job once. Why it was replaced says more than Spark's exception, which only says that it was cancelled. */
    private void told(String job, Work work) throws Exception {
        replaced.remove(job); // of the start before, if that ended by itself
        try {
            work.run();
        } catch (Exception e) {
            String why = replaced.remove(job);
            throw why == null ? e : new IllegalStateException(why, e);
        }
    }

    /**
     * Ends a task that hangs, or is silent, and starts it again. Its thread is interrupted; an executor in which it goes on all the
     * same is ended by Spark ({@code spark.task.reaper.killTimeout}).
     */
    void replace(String task, String why) {
        String job = task.startsWith(TaskRegistry.TRAINER) ? TaskRegistry.TRAINER : task;
        replaced.put(job, why);
        gone(job);
        spark.cancelJobGroup(job, why);
    }

    /** What the tasks of a job hold is given to others at once. */
    private void gone(String job) {
        if (job.equals(TaskRegistry.TRAINER))
            for (int rank = 0; rank < plan.config().cluster().trainers(); rank++) state.gone(job + "-" + rank);
        else state.gone(job);
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
            return state.stopping() || state.failure().isPresent();
        }

        @Override
        public void restarts(RuntimeException failure, String count) {
            LOG.warn("job {} failed", job, failure);
            boolean trainers = job.equals(TaskRegistry.TRAINER);
            String line = (trainers
                            ? "the trainer failed and starts again from its last checkpoint"
                            : job + " failed and starts again")
                    + " (" + count + "): " + failure.getMessage();
            gone(job);
            if (trainers) state.restarted(line);
            else state.message(line);
        }

        @Override
        public void pause(Duration time, BooleanSupplier until) {
            state.signal().await(time, () -> Optional.of(true).filter(x -> until.getAsBoolean()));
        }
    }

    private void run(String role, int number) {
        RunPlan sent = plan; // this object does not travel
        boolean oneMachine = cluster.oneMachine();
        boolean inProcess = cluster.inProcess();
        Devices devices = cluster.devices();
        tasks(role, number, number + 1).foreachPartition(numbers -> {
            RunPlan local = onHost(sent, oneMachine).on(devices.of(role, number));
            if (!inProcess) checkMemory(local, role, number);
            if (role.equals(TaskRegistry.GENERATOR)) GeneratorRole.run(local, holder(role, number));
            else VerifierRole.run(local, holder(role, number));
        });
    }

    private void runTrainers(RunFolder folder, int failures) {
        RunPlan sent = plan; // this object does not travel
        boolean oneMachine = cluster.oneMachine();
        boolean inProcess = cluster.inProcess();
        Devices devices = cluster.devices();
        OptionalInt step = new SoundCheckpoints(folder, state.recorded(), state::message).newest();
        String checkpoint =
                step.isPresent() ? folder.checkpoint(step.getAsInt()).name() : null;
        CatchUp catchUp = new CatchUp(state.step(), failures);
        BarrierStage.run(tasks(TaskRegistry.TRAINER, 0, plan.config().cluster().trainers()), number -> {
            RunPlan local = onHost(sent, oneMachine).on(devices.of(TaskRegistry.TRAINER, number));
            if (!inProcess) checkMemory(local, TaskRegistry.TRAINER, number);
            TrainerRole.run(
                    local,
                    holder(TaskRegistry.TRAINER, number),
                    new TrainerRole.Seat(number, BarrierStage::meet),
                    checkpoint,
                    catchUp);
        });
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

    /** Refuses to start in a process that is too small for the role. */
    private static void checkMemory(RunPlan plan, String role, int number) {
        RoleMemory.of(role, plan.config(), plan.policy(), plan.roles().device().gpu())
                .check(role + "-" + number, ProcessMemory.here(), RoleMemory.most(plan.config(), plan.policy()));
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
