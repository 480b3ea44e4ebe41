package io.tramontane.rewards;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long a process and its descendants were awake: on a core, or ready and waiting for one. The kernel counts both for
 * each thread in {@code /proc/PID/task/TID/schedstat}: nanoseconds run, nanoseconds waited, time slices. The rest of the
 * clock's time they slept. So a program on a busy machine is told from one that does nothing. What a process has
 * computed comes from the same exact count; the kernel's own limit goes by ticks, which on a busy virtual machine were
 * seen to run ahead by an eighth.
 */
final class AwakeTime {
    private final Process process;
    private final Map<Long, Double> seen = new HashMap<>(); // by process number; who ended keeps what was seen last
    private double computed;

    AwakeTime(Process process) {
        this.process = process;
    }

    /** Looks now. */
    void look() {
        try (Stream<ProcessHandle> tree =
                Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants())) {
            tree.forEach(p -> {
                double ran = p.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
                computed = Math.max(computed, ran);
                seen.merge(p.pid(), Math.max(ran, longestThread(p)), Math::max);
            });
        }
    }

    /** Of all processes together; of each the thread that was awake longest, so that idle threads do not matter. */
    double seconds() {
        return seen.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** CPU seconds of the process that has used most, all its threads together. */
    double computed() {
        return computed;
    }

    private static double longestThread(ProcessHandle process) {
        double longest = 0;
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
            for (Path thread : each) longest = Math.max(longest, ofThread(thread.resolve("schedstat")));
        } catch (IOException ended) {
            return longest;
        }
        return longest;
    }

    private static double ofThread(Path schedstat) {
        try {
            String[] numbers = Files.readString(schedstat).strip().split(" ");
            return (Long.parseLong(numbers[0]) + Long.parseLong(numbers[1])) / 1e9;
        } catch (IOException ended) {
            return 0;
        }
    }
}
