package io.tramontane.app.experiment;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This very program once more: the same Java, class path and JVM flags. A child ends soon after this process, also when
 * that was killed ({@link ParentWatch}), so that a second start does not find two writers of one run.
 */
public final class ChildProcess implements Commands {
    private final String mainClass;

    /** With the class that has the program's {@code main}. */
    public ChildProcess(Class<?> main) {
        this.mainClass = main.getName();
    }

    @Override
    public int run(List<String> arguments, Path log) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put(
                        ParentWatch.VARIABLE,
                        String.valueOf(ProcessHandle.current().pid()));
        builder.redirectInput(new File("/dev/null"));
        if (log == null) builder.inheritIO();
        else builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process process = builder.start();
            try {
                return process.waitFor(); // no deadline: the child reports its progress and has deadlines of its own
            } catch (InterruptedException e) {
                process.destroy();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + arguments.get(0) + " was running", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + arguments.get(0), e);
        }
    }
}
