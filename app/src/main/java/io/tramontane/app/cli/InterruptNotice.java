package io.tramontane.app.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** While it is open, Ctrl-C prints what a job has kept and that the same command continues from there. */
final class InterruptNotice implements AutoCloseable {
    private final Thread hook;

    InterruptNotice(PrintWriter err, Supplier<String> kept) {
        hook = new Thread(() -> {
            String text = kept.get();
            err.println(
                    "stopped: " + (text.isEmpty() ? "nothing is finished yet, the same command starts again" : text));
            err.flush();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** True while the process ends, as after Ctrl-C: a failure from then on is a consequence of that. */
    static boolean processEnds() {
        Thread probe = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException ends) {
            return true;
        }
    }

    @Override
    public void close() {
        if (!processEnds()) Runtime.getRuntime().removeShutdownHook(hook);
    }
}
