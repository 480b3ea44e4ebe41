package io.tramontane.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of a few kilobytes, for tests that fill it. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one in an empty folder of {@code parent}; the test is skipped where this user may not. */
    public static SmallDisk in(Path parent, int kilobytes) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("disk"));
        boolean mounted = Files.exists(Path.of("/bin/mount"))
                && did("/bin/mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", folder.toString());
        assumeTrue(mounted, "this user may not mount a file system");
        return new SmallDisk(folder);
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    private static boolean did(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        did("/bin/umount", folder.toString());
    }
}
