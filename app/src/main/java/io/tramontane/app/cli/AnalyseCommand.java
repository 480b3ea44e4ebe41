package io.tramontane.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Analyses of finished runs. */
@Command(
        name = "analyse",
        description = "Analyses what a run has made.",
        synopsisSubcommandLabel = "WHAT",
        mixinStandardHelpOptions = true,
        subcommands = {AnalyseWeightsCommand.class})
final class AnalyseCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "analyse: nothing named, allowed weights");
    }
}
