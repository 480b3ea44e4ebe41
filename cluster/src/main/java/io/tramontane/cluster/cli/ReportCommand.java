package io.tramontane.cluster.cli;

import io.tramontane.cluster.files.Place;
import io.tramontane.cluster.report.ReportPage;
import io.tramontane.cluster.report.RunFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A run as one HTML page. */
@Command(
        name = "report",
        description = "Writes a run's report page again, also while it is running.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: tramontane report runs/2026-01-31-tiny"})
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.existing(run);
        Place.of(folder.root().resolve("report").toString()).checkWritable();
        ReportPage.write(folder);
        spec.commandLine().getOut().println(folder.report());
        return Tramontane.DONE;
    }
}
