package io.tramontane.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line that continues a run, to be copied into a shell.
 *
 * @param run folder, as the user named it
 * @param master the flag; null when it was not given
 */
record ResumeCommand(String run, String master) {
    private static final List<String> ENVIRONMENT = List.of("TRAMONTANE_CLASSPATH", "TRAMONTANE_JAVA_OPTS");

    /** Of this process: its environment, and the launcher if it was started by that. */
    String text() {
        return text(System.getenv(), System.getProperty("tramontane.root"), Path.of(""));
    }

    /**
     * The same elsewhere.
     *
     * @param root of the program; null when spark-submit started it
     * @param here the current folder
     */
    String text(Map<String, String> environment, String root, Path here) {
        List<String> words = new ArrayList<>();
        if (root != null) {
            for (String name : ENVIRONMENT)
                if (!environment.getOrDefault(name, "").isEmpty())
                    words.add(name + "=" + quoted(environment.get(name)));
            words.add(quoted(launcher(Path.of(root), here.toAbsolutePath())));
        }
        words.addAll(List.of("train", "--resume", "--run", quoted(run)));
        if (master != null) words.addAll(List.of("--master", quoted(master)));
        return (root == null ? "Continue with the same spark-submit and: " : "Continue with: ")
                + String.join(" ", words);
    }

    private static String launcher(Path root, Path here) {
        Path launcher = root.resolve("bin").resolve("tramontane").toAbsolutePath();
        return launcher.startsWith(here) ? here.relativize(launcher).toString() : launcher.toString();
    }

    /** For a POSIX shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
