package io.tramontane.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** bin/tramontane in a process of its own; the shell becomes the program, so killing the process kills the program. */
record Launched(Process process, Path out, Path err) {
    private static final Path LAUNCHER =
            Path.of(System.getProperty("tramontane.root"), "bin", "tramontane").toAbsolutePath();

    /** How it ended and what it printed. */
    record Ended(int exit, String out, String err) {}

    static Launched start(Path folder, Map<String, String> environment, Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        for (Object arg : args) command.add(String.valueOf(arg));
        Path out = Files.createTempFile(folder, "stdout", "");
        Path err = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new Launched(builder.start(), out, err);
    }

    Ended end() throws IOException, InterruptedException {
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("not ended in 5 minutes: " + Files.readString(out) + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
