package io.tramontane.app.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** While it is open, Ctrl-C says what a job keeps and that the same command goes on from there. */
final class SameCommand implements AutoCloseable {
    private final Thread hook;

    SameCommand(PrintWriter err, Supplier<String> kept) {
        hook = new Thread(() -> {
            String text = kept.get();
            err.println(
                    "stopped: " + (text.isEmpty() ? "nothing is finished yet, the same command starts again" : text));
            err.flush();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** True once the process is ending, as after Ctrl-C: what fails from then on fails because of that. */
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
