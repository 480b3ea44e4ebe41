package io.tramontane.app.cli;

import io.tramontane.app.report.WhatIf;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.cluster.replay.RecordedRun;
import io.tramontane.cluster.replay.Replay;
import io.tramontane.cluster.replay.ReplayDifference;
import io.tramontane.cluster.replay.ReplayRange;
import io.tramontane.cluster.roles.ModelRoleFactory;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.loss.Losses;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains again from the batches that a run has recorded. */
@Command(
        name = "replay",
        description =
                "Trains again from a run's recorded batches and compares the weights after every step with the ledger; with"
                        + " --set it shows what another loss or optimizer would have made of the same batches.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 all equal, 1 a step differs, 2 a batch or checkpoint is damaged. The run folder is only read.",
            "Example: tramontane replay runs/2026-01-31-tiny --from 51 --to 100",
            "         tramontane replay runs/2026-01-31-tiny --set trainer.loss.clipHigh=0.4 --out what-if"
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "run folder")
    private RunFolder run;

    @Option(
            names = "--from",
            paramLabel = "STEP",
            description =
                    "first step; the default is the first one after the oldest checkpoint that is kept. Training starts"
                            + " at the nearest checkpoint before it, or from the model")
    private Integer from;

    @Option(names = "--to", paramLabel = "STEP", description = "last step; the default is the last one")
    private Integer to;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "trains otherwise than the run did, e.g. trainer.loss.clipHigh=0.4, and prints its numbers beside the"
                            + " run's; no digest is compared; may be repeated")
    private List<String> sets = List.of();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description =
                    "with --set: writes a run folder with the numbers, the last checkpoint, and a page with both curves")
    private RunFolder out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (out != null && sets.isEmpty())
            throw new BadInputException("--out needs --set: a replay by itself writes nothing");
        RecordedRun recorded = RecordedRun.of(run, sets);
        ReplayRange range = ReplayRange.of(recorded, from, to);
        Losses.of(recorded.config().trainer().loss()); // refuses a class that cannot be made
        Path model = ModelFolder.resolve(recorded.config().model());
        ModelRoleFactory roles = new ModelRoleFactory(recorded.config(), model);
        PrintWriter err = spec.commandLine().getErr();
        WhatIf whatIf = WhatIf.of(recorded.folder(), recorded.config());
        if (out != null) whatIf.writeInto(out);
        announce(recorded, range, err);
        try (Bar bar = Bar.of("replay", range.steps(), err)) {
            new Replay(recorded, range, roles, Checkpoint.fittingConfig(model), new Replay.Listener() {
                        @Override
                        public void stepped(StepReport report, double seconds) {
                            whatIf.add(report, seconds);
                            bar.step();
                        }

                        @Override
                        public void ended(BatchTrainer trainer) {
                            if (out != null) trainer.save(out.checkpoint(range.to()), roles.tokenizerJson());
                        }
                    })
                    .run();
        } catch (ReplayDifference difference) {
            err.println("tramontane: " + difference.getMessage() + whatIf.resumed(difference.step()));
            return Tramontane.OUR_FAILURE;
        }
        tell(range, whatIf);
        return Tramontane.DONE;
    }

    private void tell(ReplayRange range, WhatIf whatIf) {
        PrintWriter to = spec.commandLine().getOut();
        if (sets.isEmpty())
            to.println("replayed " + range.steps() + " steps, all digests equal (" + (range.start() + 1) + " to "
                    + range.to() + "; " + whatIf.pace() + ")");
        else whatIf.table().forEach(to::println);
        if (out != null) to.println("Page: " + whatIf.writePage(out));
        to.flush();
    }

    /** Where training starts, with what; what keeps digests from being equal. */
    private static void announce(RecordedRun run, ReplayRange range, PrintWriter err) {
        ClusterConfig cluster = run.config().cluster();
        boolean gpu = Replay.device(cluster, 0).gpu();
        err.println(String.format(
                Locale.ROOT,
                "steps %d to %d from %s, on %s%s%s",
                range.start() + 1,
                range.to(),
                range.start() == 0
                        ? "the model " + run.config().model()
                        : run.folder().checkpoint(range.start()).name(),
                gpu ? "GPUs" : "the CPU",
                cluster.trainers() == 1 ? "" : ", " + cluster.trainers() + " ranks",
                run.changed() ? ": a what-if, nothing is compared" : ""));
        if (cluster.device() == DeviceChoice.GPU && !gpu && !run.changed())
            err.println(
                    "warning: the run computed on GPUs (cluster.device gpu), this machine has none: digests cannot be equal");
        err.flush();
    }
}
