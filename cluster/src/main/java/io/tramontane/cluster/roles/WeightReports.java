package io.tramontane.cluster.roles;

import io.tramontane.data.DaemonThreads;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a step beside the compute thread, which makes the next step meanwhile: digests and checksums of large weights take
 * seconds. One report at a time, in the order of the steps. What fails is thrown on the compute thread, which owns this.
 */
final class WeightReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightReports.class);
    private static final int CLOSE_SECONDS = 60;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("weight-report"));
    private Future<?> last; // null when nothing is under way

    /** Starts a report when the one before is through. */
    void begin(Runnable report) {
        settle();
        last = thread.submit(report);
    }

    /** True when the last report is through. */
    boolean isSettled() {
        if (last != null && last.isDone()) settle();
        return last == null;
    }

    /** Waits until the last report is through. */
    void settle() {
        Future<?> report = last;
        last = null;
        if (report == null) return;
        try {
            report.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) throw known;
            if (e.getCause() instanceof Error error) throw error;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a step is reported", e);
        }
    }

    /** A report that is under way is finished, also when the next step has failed, unless this thread is interrupted. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) LOG.warn("the last step is not reported");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }
}
