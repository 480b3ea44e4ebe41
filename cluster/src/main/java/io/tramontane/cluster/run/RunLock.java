package io.tramontane.cluster.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** One process writes a run. Readers (report, evaluate) need no lock. */
public interface RunLock extends AutoCloseable {
    /** Takes a run folder, which is made if need be. One that another process has is bad input that names the process. */
    static RunLock take(RunFolder folder) {
        return take(folder, line -> {});
    }

    /** The same; a line for the user tells of a wait of some seconds. */
    static RunLock take(RunFolder folder, Consumer<String> tell) {
        return HeldLocks.take(folder, tell);
    }

    /** What this process holds already, which stays its holder's to give back, or else a lock that is taken now. */
    static RunLock heldOrTaken(RunFolder folder, Consumer<String> tell) {
        return HeldLocks.heldOrTaken(folder, tell);
    }

    /** Hears, at most once, that another process may write the run now, and why. */
    void onLoss(Consumer<String> lost);

    /** Gives it back. */
    @Override
    void close();

    /** This process, for a person. */
    static String me() {
        return "process " + ProcessHandle.current().pid() + " on " + host() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** The name of this machine. */
    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }
}
