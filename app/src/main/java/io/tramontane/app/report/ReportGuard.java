package io.tramontane.app.report;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Report files never end a run: what cannot be written, on a full disk for example, is said once and tried again the next
 * time. Not even an old file that is odd in a way nobody thought of may stop training, so every exception counts.
 */
final class ReportGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ReportGuard.class);

    private final Set<String> failing = new HashSet<>();
    private Consumer<String> tell = LOG::warn;

    /** Writes something. */
    interface Work {
        void run() throws IOException;
    }

    /** Where the user reads warnings; until this is called they go to the log. */
    void tell(Consumer<String> user) {
        tell = user;
    }

    /** A line for the user. */
    void say(String line) {
        tell.accept(line);
    }

    /** Does it; false if it failed. */
    boolean attempt(String what, Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be written", what, e);
            if (failing.add(what))
                say("warning: " + what + " cannot be written (" + reason(e)
                        + "); the run goes on, and it is tried again later");
            return false;
        }
        if (failing.remove(what)) say(what + " is written again");
        return true;
    }

    private static String reason(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return text.lines().findFirst().orElse("");
    }
}
