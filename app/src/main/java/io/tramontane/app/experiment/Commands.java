package io.tramontane.app.experiment;

import java.nio.file.Path;
import java.util.List;

/** Runs commands of this program, each in a process of its own. */
public interface Commands {
    /**
     * Runs one and waits for its end.
     *
     * @param arguments the command and its flags
     * @param log file for what it prints; null to print it here
     * @return its exit code
     */
    int run(List<String> arguments, Path log);
}
