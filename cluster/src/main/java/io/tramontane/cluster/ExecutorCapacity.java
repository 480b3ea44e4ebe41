package io.tramontane.cluster;

import java.util.List;
import org.apache.spark.SparkConf;

/**
 * How many executors fit on workers, as Spark's standalone master deals them out. A worker gives one executor all its cores
 * unless {@code spark.executor.cores} says how many an executor has.
 *
 * @param spark the settings of executors
 * @param workers alive
 */
record ExecutorCapacity(SparkConf spark, List<Master.Worker> workers) {
    private static final List<String> SETTINGS =
            List.of("spark.executor.cores", "spark.executor.memory", "spark.cores.max", Devices.PER_EXECUTOR);

    /**
     * Tasks that can run at the same time.
     *
     * @param cores of a task
     */
    int tasks(int cores) {
        int tasks = workers.stream()
                .mapToInt(w -> executors(w) * (executorCores(w) / cores))
                .sum();
        int most = spark.getInt("spark.cores.max", Integer.MAX_VALUE);
        int each = executorCores();
        return Math.min(tasks, each > 0 ? most / each * (each / cores) : most / cores);
    }

    /** Tasks that can run at the same time with a GPU and a core of their own. */
    int gpus() {
        int each = executorCores();
        int executors = workers.stream().mapToInt(this::executors).sum();
        if (each > 0) executors = Math.min(executors, spark.getInt("spark.cores.max", Integer.MAX_VALUE) / each);
        int cores = each > 0
                ? each
                : workers.stream().mapToInt(Master.Worker::cores).min().orElse(0);
        return executors * Math.min(executorGpus(), cores);
    }

    /** Whether there is room for all tasks. */
    boolean fits(Master.Need need) {
        return tasks(need.cores()) >= need.tasks() && gpus() >= need.gpus();
    }

    private int executors(Master.Worker worker) {
        int cores = executorCores(worker);
        if (cores == 0) return 0;
        int byCores = executorCores() == 0 ? 1 : worker.cores() / cores;
        int byGpus = executorGpus() == 0 ? Integer.MAX_VALUE : worker.gpus() / executorGpus();
        return Math.min(Math.min(byCores, worker.megabytes() / executorMegabytes()), byGpus);
    }

    private int executorGpus() {
        return spark.getInt(Devices.PER_EXECUTOR, 0);
    }

    private int executorCores(Master.Worker worker) {
        return executorCores() == 0 ? worker.cores() : executorCores() <= worker.cores() ? executorCores() : 0;
    }

    /** 0: all of a worker's. */
    private int executorCores() {
        return spark.getInt("spark.executor.cores", 0);
    }

    private int executorMegabytes() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, spark.getSizeAsMb("spark.executor.memory", "1g")));
    }

    /** What there is, and the settings that bound it. */
    String text() {
        StringBuilder text = new StringBuilder(workers.size() + " workers");
        if (!workers.isEmpty())
            text.append(" with ")
                    .append(workers.stream().mapToInt(Master.Worker::cores).sum())
                    .append(" cores and ")
                    .append(workers.stream().mapToLong(Master.Worker::megabytes).sum())
                    .append(" MB in all");
        if (executorGpus() > 0)
            text.append(", ")
                    .append(workers.stream().mapToLong(Master.Worker::gpus).sum())
                    .append(" GPUs");
        for (String key : SETTINGS)
            if (spark.contains(key)) text.append(", ").append(key).append(' ').append(spark.get(key));
        return text.toString();
    }
}
