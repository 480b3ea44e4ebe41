package io.tramontane.app.cli;

import io.tramontane.app.report.ReportFiles;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.Finding;
import io.tramontane.cluster.verify.RunCheck;
import io.tramontane.data.BadInputException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a run folder is what was written, and what to do where it is not. */
@Command(
        name = "verify",
        description =
                "Checks a run folder: config, ledger, every recorded batch, checkpoint and spilled group against their digests.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code 2 if anything that training needs is not sound; a fault of report files is a warning only.",
            "Nothing is changed; a run that is under way can be checked, too.",
            "Example: tramontane verify runs/2026-01-31-tiny"
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "run folder")
    private RunFolder run;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!run.root().exists())
            throw new BadInputException("run folder " + run.root().name() + ": no such folder");
        if (!run.configYaml().exists() && !run.ledger().exists()) RunFolder.existing(run);
        List<Finding> findings = new ArrayList<>(RunCheck.of(run));
        findings.add(ReportFiles.check(run));
        print(findings, spec.commandLine().getOut());
        for (Finding finding : findings)
            if (!finding.isSound())
                throw new BadInputException("run folder " + run.root().name() + " is not sound: "
                        + finding.fault().orElseThrow() + "; " + finding.cure().orElseThrow());
        return Tramontane.DONE;
    }

    private static void print(List<Finding> findings, PrintWriter out) {
        for (Finding finding : findings) {
            String state = finding.fault().isEmpty() ? "sound" : finding.report() ? "warning" : "NOT SOUND";
            out.println(String.format(Locale.ROOT, "%-10s %8d  %s", state, finding.count(), finding.what()));
            finding.fault().ifPresent(fault -> out.println("    " + fault));
            finding.cure().ifPresent(cure -> out.println("    cure: " + cure));
        }
        out.flush();
    }
}
