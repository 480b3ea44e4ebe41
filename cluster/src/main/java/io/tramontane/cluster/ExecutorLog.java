package io.tramontane.cluster;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.StoragePath;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.spark.SparkEnv;

/**
 * Copies an executor's log into the run folder where its machine sees the folder; Spark itself keeps it in a work folder of
 * the worker. A task adds the file at run time, since executors log as the cluster's Spark is configured.
 */
final class ExecutorLog {
    private static final String NAME = "tramontane-run";
    private static final String PATTERN = "%d{ISO8601} %-5p [%t] %c{2}: %m%n%ex";

    private ExecutorLog() {}

    /** Called by every task; the first one in a process that is not the driver's opens the file. */
    static synchronized void into(String runFolder) {
        String id = SparkEnv.get().executorId();
        StoragePath folder = RunFolder.at(runFolder).logs();
        if (id.equals("driver") || folder.isRemote() || !folder.isFolder()) return;
        Path logs = folder.local();
        if (!(LogManager.getContext(false) instanceof LoggerContext context)) return;
        if (context.getConfiguration().getRootLogger().getAppenders().containsKey(NAME)) return;
        FileAppender file = FileAppender.newBuilder()
                .setName(NAME)
                .withFileName(logs.resolve("executor-" + id + ".log").toString())
                .setLayout(PatternLayout.newBuilder().withPattern(PATTERN).build())
                .build();
        file.start();
        context.getConfiguration().getRootLogger().addAppender(file, null, null);
        context.updateLoggers();
    }
}
