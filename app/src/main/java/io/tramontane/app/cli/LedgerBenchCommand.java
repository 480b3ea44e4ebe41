package io.tramontane.app.cli;

import io.tramontane.app.bench.Findings;
import io.tramontane.app.bench.LedgerBench;
import io.tramontane.data.BadInputException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the driver's ledger bears. */
@Command(
        name = "ledger",
        description = "Groups a second through the ledger, the time to resume, what waiting tasks cost.",
        mixinStandardHelpOptions = true)
final class LedgerBenchCommand implements Callable<Integer> {
    @Mixin
    private BenchCommand.FigureOutput output;

    @Option(
            names = "--groups",
            paramLabel = "N",
            defaultValue = "100000",
            description = "groups to take through the ledger (default 100000)")
    private long groups;

    @Option(
            names = "--watchers",
            paramLabel = "N",
            defaultValue = "1000",
            description = "tasks that wait for news (default 1000)")
    private int watchers;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (groups < 1000 || watchers < 1)
            throw new BadInputException(
                    "--groups " + groups + ", allowed >= 1000; --watchers " + watchers + ", allowed >= 1");
        PrintWriter out = spec.commandLine().getOut();
        Findings findings = output.begin("ledger", out);
        new LedgerBench(findings, groups, watchers).run();
        output.end(findings, out);
        return Tramontane.DONE;
    }
}
