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

    private int executors(Master.Worker worker) {
        int cores = executorCores(worker);
        int byMemory = worker.megabytes() / executorMegabytes();
        return cores == 0 ? 0 : Math.min(executorCores() == 0 ? 1 : worker.cores() / cores, byMemory);
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
        for (String key : List.of("spark.executor.cores", "spark.executor.memory", "spark.cores.max"))
            if (spark.contains(key)) text.append(", ").append(key).append(' ').append(spark.get(key));
        return text.toString();
    }
}
