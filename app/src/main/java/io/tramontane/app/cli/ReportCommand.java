package io.tramontane.app.cli;

import io.tramontane.app.report.ReportPage;
import io.tramontane.app.report.ReportServer;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes or serves the report page of a run. */
@Command(
        name = "report",
        description = "Writes a run's report page again, also while it is running, or serves it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: tramontane report runs/2026-01-31-tiny",
            "         tramontane report runs/2026-01-31-tiny --serve --port 8787"
        })
final class ReportCommand implements Callable<Integer> {
    private static final double NEVER = 0;

    @Parameters(paramLabel = "RUN", description = "run folder")
    private RunFolder run;

    @Option(
            names = "--serve",
            description = "serves the page to browsers on this machine, until Ctrl-C; writes nothing")
    private boolean serve;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8787",
            description = "port of --serve, at 127.0.0.1 only; 0 takes a free one (default 8787)")
    private int port;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "0",
            description = "--serve ends after so many minutes; 0 is never (default)")
    private double minutes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65535) throw new BadInputException("--port " + port + ", allowed 0 to 65535");
        if (!(minutes >= 0)) throw new BadInputException("--minutes " + minutes + ", allowed >= 0");
        RunFolder folder = RunFolder.existing(run);
        if (serve) return serve(folder);
        folder.root().child("report").checkWritable();
        ReportPage.write(folder);
        spec.commandLine().getOut().println(folder.report().name());
        return Tramontane.DONE;
    }

    private int serve(RunFolder folder) throws InterruptedException {
        try (ReportServer server = new ReportServer(folder, port)) {
            spec.commandLine().getOut().println(server.address() + "  (Ctrl-C ends it)");
            spec.commandLine().getOut().flush();
            CountDownLatch never = new CountDownLatch(1);
            if (minutes == NEVER) never.await();
            else never.await((long) (60_000 * minutes), TimeUnit.MILLISECONDS);
        }
        return Tramontane.DONE;
    }
}
