package io.tramontane.app.experiment;

import java.util.Optional;

/** Ends this process when the one that started it is gone. */
public final class ParentWatch {
    /** Environment variable with the parent's process number. */
    public static final String VARIABLE = "TRAMONTANE_PARENT";

    private static final int GONE = 143; // as after SIGTERM

    private ParentWatch() {}

    /** Starts watching where a parent is named. */
    public static void start() {
        String parent = System.getenv(VARIABLE);
        if (parent == null || !parent.matches("\\d{1,18}")) return;
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parent));
        Thread thread = new Thread(
                () -> {
                    process.ifPresent(living -> living.onExit().join()); // no deadline: it lasts as long as the parent
                    System.exit(GONE);
                },
                "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }
}
