package io.tramontane.app.bench;

import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of this process as Linux counts it in smaps_rollup: pages that several processes share count by their shares (Pss), so
 * that the sum over ranks is what they take together. A thread notes the most of it.
 */
final class ProcessMemory implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;

    private final Thread thread;
    private volatile long most;

    ProcessMemory() {
        thread = DaemonThreads.named("memory").newThread(this::watch);
        thread.start();
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            look();
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void look() {
        most = Math.max(most, now());
    }

    /** Bytes now. */
    static long now() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup")))
                if (line.startsWith("Pss:")) return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            throw new IllegalStateException("smaps_rollup says no Pss");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Most bytes so far. */
    long most() {
        look();
        return most;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
