package io.tramontane.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of this machine's processors. */
public final class Processor {
    private static final List<String> LINES = read();

    private Processor() {}

    /** Lines of {@code /proc/cpuinfo}, read once in a process; none elsewhere. */
    public static List<String> lines() {
        return LINES;
    }

    private static List<String> read() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
