package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A driver in a process of its own, which a test may kill. Its run lies in {@code run} of the folder. */
record RunProcess(Process process, Path folder) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 420;

    /** Starts a class with a main method; its first argument is the folder. */
    static RunProcess start(Class<?> main, Path folder, Object... args) throws IOException {
        return start(environment -> {}, main, folder, args);
    }

    /** The same with other variables of the environment. */
    static RunProcess start(Consumer<Map<String, String>> environment, Class<?> main, Path folder, Object... args)
            throws IOException {
        String home =
                Files.createDirectories(folder.resolve("home/jars")).getParent().toString();
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens")
                        || option.startsWith("-Dai.djl")
                        || option.startsWith("-Djdk.serialFilter")
                        || option.startsWith("-XX:"))
                .toList());
        command.addAll(List.of("-Xmx512m", "-Dspark.executor.extraClassPath=" + classPath, "-cp", classPath));
        command.addAll(List.of(main.getName(), folder.toString()));
        for (Object arg : args) command.add(arg.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder.toFile());
        builder.redirectOutput(folder.resolve("driver.log").toFile());
        builder.environment().put("SPARK_HOME", home);
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.accept(builder.environment());
        return new RunProcess(builder.start(), folder);
    }

    /** The event file of the run. */
    static StoragePath events(Path folder) {
        return RunState.eventsFile(new RunFolder(folder.resolve("run")));
    }

    /** Waits until the ledger has recorded this many steps; the file system tells when it grew. */
    void awaitStep(int step) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        StoragePath events = events(folder);
        Path ledger = Files.createDirectories(events.local().getParent());
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            ledger.register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            while (History.read(events).lastStep() < step) {
                assertTrue(process.isAlive() && System.nanoTime() < end, "step " + step + " not reached: " + log());
                WatchKey key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) key.reset();
            }
        }
    }

    /** Waits for a clean end. */
    void awaitEnd() throws IOException, InterruptedException {
        awaitEnd(PATIENCE_SECONDS);
        assertTrue(process.exitValue() == 0, "exit " + process.exitValue() + ": " + log());
    }

    /** Waits for any end. */
    void awaitEnd(long seconds) throws IOException, InterruptedException {
        assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), "still alive after " + seconds + " s: " + log());
    }

    /** What the driver wrote. */
    String log() throws IOException {
        return Files.readString(folder.resolve("driver.log"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
