package io.tramontane.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Which program this is. */
final class Build {
    /** As in the pom. */
    static final String VERSION = "0.1.0";

    private static final int GIT_SECONDS = 3;

    private Build() {}

    /** The commit that a working copy is at, with "+" when files differ from it; empty where this is no working copy. */
    static Optional<String> commit() {
        Path root = Path.of(System.getProperty("tramontane.root", ""));
        if (!Files.exists(root.resolve(".git"))) return Optional.empty();
        try {
            Process git = new ProcessBuilder(
                            "git", "-C", root.toString(), "describe", "--always", "--dirty=+", "--exclude=*")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!git.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
                git.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.exitValue() == 0 && said.matches("[0-9a-f]{7,40}\\+?") ? Optional.of(said) : Optional.empty();
        } catch (IOException e) { // no git here
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
