package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Trainer ranks in processes of their own, without Spark: speed, memory, and whether all have the same weights.
 *
 * @param task what they train
 * @param pin whether rank r runs on core r alone
 * @param seconds after which processes are ended
 */
public record RanksBench(RankTask task, boolean pin, long seconds) {
    private static final ObjectMapper JSON = JsonReading.mapper();

    /**
     * What was found.
     *
     * @param folder where a checkpoint may lie
     * @param ranks by rank
     */
    public record Result(Path folder, List<RankProcess.Found> ranks) {
        /** The same on all ranks. */
        public String digest() {
            List<String> digests =
                    ranks.stream().map(RankProcess.Found::digest).distinct().toList();
            if (digests.size() != 1) throw new IllegalStateException("ranks have different weights: " + digests);
            return digests.get(0);
        }

        /** Of all ranks together, by the median step but the first. */
        public double tokensPerSecond() {
            List<Double> all = ranks.get(0).seconds();
            List<Double> later = all.subList(all.size() > 1 ? 1 : 0, all.size());
            return ranks.get(0).tokens() / median(later);
        }

        /** Bytes a second of the vector, by the fastest sum: others share the machine. */
        public double exchangedPerSecond(long numbers) {
            double least = ranks.get(0).exchangeSeconds().stream()
                    .mapToDouble(s -> s)
                    .min()
                    .orElseThrow();
            return numbers * Float.BYTES / least;
        }

        /** Most bytes of all ranks together. */
        public long bytes() {
            return ranks.stream().mapToLong(RankProcess.Found::most).sum();
        }
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return Findings.quantile(sorted, 0.5);
    }

    /** Runs so many ranks to their end. */
    public Result run(int count, Path folder) {
        try {
            Files.createDirectories(folder);
            JSON.writeValue(folder.resolve("task.json").toFile(), task);
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            Files.write(folder.resolve("secret"), secret);
            List<Process> processes = new ArrayList<>();
            try {
                for (int rank = 0; rank < count; rank++) processes.add(start(folder, rank, count));
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
                for (int rank = 0; rank < count; rank++) await(processes.get(rank), rank, folder, end);
            } finally {
                processes.forEach(Process::destroyForcibly);
            }
            List<RankProcess.Found> found = new ArrayList<>();
            for (int rank = 0; rank < count; rank++)
                found.add(
                        JSON.readValue(folder.resolve("found-" + rank + ".json").toFile(), RankProcess.Found.class));
            return new Result(folder, found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void await(Process process, int rank, Path folder, long end)
            throws InterruptedException, IOException {
        boolean ended = process.waitFor(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (ended && process.exitValue() == 0) return;
        throw new IllegalStateException(
                "rank " + rank + (ended ? " ended with " + process.exitValue() : " does not end") + ":\n"
                        + Files.readString(log(folder, rank)));
    }

    private static Path log(Path folder, int rank) {
        return folder.resolve("rank-" + rank + ".log");
    }

    /** Starts one rank; for tests that treat it badly. */
    public static Process start(Path folder, int rank, int count, List<String> before) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-Dai.djl") || option.startsWith("--add-opens"))
                .toList());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=64g",
                "-Dai.djl.pytorch.num_threads=1",
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                RankProcess.class.getName(),
                folder.toString(),
                Integer.toString(rank),
                Integer.toString(count)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.redirectOutput(log(folder, rank).toFile());
        return builder.start();
    }

    private Process start(Path folder, int rank, int count) throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        return start(folder, rank, count, pin ? List.of("taskset", "-c", Integer.toString(rank % cores)) : List.of());
    }
}
