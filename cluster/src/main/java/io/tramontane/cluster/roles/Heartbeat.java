package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.PeerException;
import io.tramontane.data.DaemonThreads;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the driver each second, from a thread of its own, what a task does. One that is lost is followed by the next. */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long EVERY_MILLIS = 1000;

    private final DriverLink driver;
    private final Activity activity;
    private final Supplier<List<Long>> groups;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Begins at once.
     *
     * @param groups that the task holds and still works at
     */
    Heartbeat(DriverLink driver, Activity activity, Supplier<List<Long>> groups) {
        this.driver = driver;
        this.activity = activity;
        this.groups = groups;
        thread = DaemonThreads.named(driver.me().name() + "-heartbeat").newThread(this::run);
        thread.start();
    }

    private void run() {
        while (!closing) {
            try {
                driver.beat(new Messages.Beat(driver.me(), activity.doing(), groups.get()));
            } catch (PeerException e) {
                LOG.debug("{}: a heartbeat was lost", driver.me(), e);
            } catch (RuntimeException e) { // without heartbeats the task would be replaced, and nobody would know why
                if (!closing) LOG.warn("{}: a heartbeat could not be sent", driver.me(), e);
            }
            try {
                Thread.sleep(EVERY_MILLIS);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
