package io.tramontane.rewards;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Runs untrusted programs. The interface for other means than bubblewrap: an implementation lets no program see or
 * change anything of the host, reach a network, outlive its run, or use more than its limits; and it refuses to start
 * rather than run anything unprotected.
 */
interface Sandbox extends AutoCloseable {
    /** Runs one program to its end. Blocks; safe for several threads. Never throws on anything a program does. */
    Result run(Job job);

    /** Gives back what it holds on the host. */
    @Override
    default void close() {}

    /**
     * What to run.
     *
     * @param command program and arguments, as they are found inside the sandbox
     * @param folder a folder of the host that the program sees, read-only, as {@code /job}
     * @param extra another folder that it sees, read-only, as {@code /extra}; null for none
     * @param stdin what the program reads
     * @param stdout where its output goes, up to {@code limits.outputBytes}
     * @param stop ends the run when it completes; null for never
     */
    record Job(
            List<String> command,
            Path folder,
            Path extra,
            Input stdin,
            OutputStream stdout,
            Limits limits,
            CompletionStage<?> stop) {
        private static final int ANY = 1 << 20;

        public Job {
            command = List.copyOf(command);
        }

        /** A run that reads these bytes and ends by itself. */
        Job(List<String> command, Path folder, Path extra, byte[] stdin, OutputStream stdout, Limits limits) {
            this(command, folder, extra, to -> to.write(stdin), stdout, limits, null);
        }

        /** The same without a limit on CPU time: for tests of that limit. */
        Job withAnyCpuTime() {
            Limits any = limits.times(ANY, limits.sleepSeconds());
            return new Job(command, folder, extra, stdin, stdout, any, stop);
        }
    }

    /** Writes what a program reads, flushing when it has to arrive; the program's stdin ends when this returns. */
    interface Input {
        void writeTo(OutputStream stdin) throws IOException, InterruptedException;
    }

    /**
     * What a program may use.
     *
     * @param cpuSeconds CPU time of each process
     * @param memoryMegabytes address space of each process, MiB
     * @param outputBytes standard output; more ends the run, and so does more than that and 8 MiB on stderr
     * @param processes processes and threads at the same time
     * @param mayFork false: a second process cannot be made at all (threads can)
     * @param fileMegabytes largest file in its private /tmp, MiB; the whole of /tmp holds four of them, and 4,096 files
     * @param sleepSeconds neither running nor ready to; more ends the run
     */
    record Limits(
            int cpuSeconds,
            int memoryMegabytes,
            long outputBytes,
            int processes,
            boolean mayFork,
            int fileMegabytes,
            int sleepSeconds) {
        private static final long SLACK = 15;
        private static final int MOST_WALL = 240;

        Limits(
                int cpuSeconds,
                int memoryMegabytes,
                long outputBytes,
                int processes,
                boolean mayFork,
                int fileMegabytes) {
            this(cpuSeconds, memoryMegabytes, outputBytes, processes, mayFork, fileMegabytes, cpuSeconds);
        }

        /** The same with other times. */
        Limits times(int cpu, int sleep) {
            return new Limits(cpu, memoryMegabytes, outputBytes, processes, mayFork, fileMegabytes, sleep);
        }

        /** Longest run on the clock, for programs that get little of a busy machine. */
        Duration wall() {
            return wall(cpuSeconds);
        }

        /** The same for so many seconds of CPU time. */
        static Duration wall(int cpuSeconds) {
            return Duration.ofSeconds(Math.min(cpuSeconds * SLACK, Math.max(cpuSeconds, MOST_WALL)));
        }
    }

    /** How a run ended. */
    enum Ending {
        /** The program ended by itself; exit code 128 + n means signal n. */
        EXITED,
        /** CPU time used up, or asleep for as long. */
        TIME,
        /** More output than allowed. */
        OUTPUT,
        /** Because we wanted it. */
        STOPPED,
        /** The sandbox did not work: nothing is known about the program. */
        FAULT
    }

    /**
     * What happened.
     *
     * @param exitCode only with EXITED
     * @param stderr its first kilobytes, or what the sandbox said with FAULT
     * @param seconds on the clock
     */
    record Result(Ending ending, int exitCode, String stderr, double seconds) {
        boolean succeeded() {
            return ending == Ending.EXITED && exitCode == 0;
        }
    }
}
