package io.tramontane.app.cli;

import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.jobs.CurateRun;
import io.tramontane.data.BadInputException;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.TestRules;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Rules for data that need only verifiers (paper section 4). */
@Command(
        name = "curate",
        description = "Improves problem files.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = CurateCommand.Tests.class)
final class CurateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "curate: no COMMAND given, allowed tests");
    }

    /** The tests of code problems, as a job over parts. */
    @Command(
            name = "tests",
            description =
                    "Runs every reference solution of every code problem on every test: drops tests on which the solutions"
                            + " do not agree, rewrites tests that none passes to the output of most solutions, drops problems with too few good tests.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Reference solutions are in the field solutions: [{\"language\":\"cpp\",\"source\":\"...\"}, ...], or solution: \"...\".",
                "Other problems are copied unchanged. The report says for each problem what changed and why.",
                "Example: tramontane curate tests --problems P.jsonl --out Q.jsonl --report R.json"
            })
    static final class Tests implements Callable<Integer> {
        @Option(names = "--problems", required = true, paramLabel = "FILE", description = "problems")
        private String problems;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "FILE",
                description = "the problems that are kept, JSON lines")
        private String out;

        @Option(names = "--report", paramLabel = "FILE", description = "what changed, JSON (default OUT.report.json)")
        private String report;

        @Option(
                names = "--agreement",
                paramLabel = "SHARE",
                description = "share of the solutions that must print the same (default ${DEFAULT-VALUE})")
        private double agreement = TestRules.defaults().agreement();

        @Option(
                names = "--min-solutions",
                paramLabel = "N",
                description = "solutions that must agree before a test is rewritten (default ${DEFAULT-VALUE})")
        private int minSolutions = TestRules.defaults().solutions();

        @Option(
                names = "--min-tests",
                paramLabel = "N",
                description = "good tests that a problem needs (default ${DEFAULT-VALUE})")
        private int minTests = TestRules.defaults().tests();

        @Option(
                names = "--part-size",
                paramLabel = "N",
                defaultValue = "500",
                description = "program runs per part; finished parts are not repeated after a kill (default 500)")
        private int partSize;

        @Option(
                names = "--set",
                paramLabel = "PATH=VALUE",
                description = "overrides one value of the reward's config, e.g. testSeconds=10")
        private List<String> sets = List.of();

        @Option(
                names = "--master",
                paramLabel = "URL",
                description = "where: local[*] (default, threads of this process), or Spark's master")
        private String master;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (partSize < 1) throw new BadInputException("--part-size " + partSize + ", allowed >= 1");
            RewardConfig config = ConfigReader.read(RewardConfig.defaults(), Optional.empty(), sets);
            CurateRun.Settings settings = new CurateRun.Settings(config, rules(), partSize);
            PrintWriter err = spec.commandLine().getErr();
            String readyMaster = Masters.ready(master, spec.commandLine().getErr());
            String reportFile = report == null ? out + ".report.json" : report;
            try (CurateRun run = new CurateRun(problems, out, reportFile, settings)) {
                run.check();
                if (run.countBefore() > 0)
                    err.println(run.countBefore() + " of " + run.count() + " problems were done by an earlier run");
                new Output("--out", out).replaces().ifPresent(err::println);
                try (InterruptNotice ending = new InterruptNotice(err, run::kept);
                        Bar bar = Bar.of("curate", run.count(), err)) {
                    run.curate(readyMaster, bar::to);
                    err.println(run.finish().text() + "; in " + out + ", report in " + reportFile);
                } finally {
                    if (!run.kept().isEmpty() && !InterruptNotice.processEnds()) err.println(run.kept());
                }
            }
            return Tramontane.DONE;
        }

        private TestRules rules() {
            try {
                return new TestRules(agreement, minSolutions, minTests);
            } catch (IllegalArgumentException e) {
                throw new BadInputException(e.getMessage());
            }
        }
    }
}
