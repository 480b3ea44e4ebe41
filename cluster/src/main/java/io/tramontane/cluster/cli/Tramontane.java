package io.tramontane.cluster.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program's front door: {@code bin/tramontane COMMAND}, and the main class for spark-submit. */
@Command(name = "tramontane", description = "Trains reasoning language models by asynchronous GRPO on Spark.")
public final class Tramontane {
    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Logs.toTemporaryFile();
        System.exit(new CommandLine(new Tramontane()).execute(args));
    }
}
