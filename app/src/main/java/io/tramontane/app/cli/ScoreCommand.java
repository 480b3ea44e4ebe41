package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.jobs.ScoreRun;
import io.tramontane.data.BadInputException;
import io.tramontane.rewards.RewardConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Rewards of completions that were made elsewhere, as a job over parts. */
@Command(
        name = "score",
        description = "Scores a file of completions with the whole reward; one line per completion, in the same order.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The extension gives the format: JSON lines (.gz is compressed), .parquet, or Arrow (.arrow, .feather, .arrows).",
            "Paths are on this machine or on any file system that Hadoop knows (hdfs://, s3a://). An input may be a folder of",
            "part files or a pattern ('C/part-*.jsonl.gz'): its files are read in the order of their names.",
            "A completion without tokenCount gets no length penalty.",
            "Finished parts stay in OUT.parts until OUT is complete: after a kill the same command continues from them.",
            "Example: tramontane score --problems P.jsonl --completions C.jsonl --out S.jsonl --max-length 8192"
        })
final class ScoreCommand implements Callable<Integer> {
    @Option(
            names = "--problems",
            required = true,
            paramLabel = "FILE",
            description = "problems; a folder, or a pattern")
    private String problems;

    @Option(
            names = "--completions",
            required = true,
            paramLabel = "FILE",
            description = "completions; a folder, or a pattern")
    private String completions;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "scores, in the order of the completions")
    private String out;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description =
                    "l_max: at this many tokens the length penalty has its full weight (default ${DEFAULT-VALUE})")
    private int maxLength = RewardConfig.defaults().maxLength();

    @Option(
            names = "--length-cache",
            paramLabel = "N",
            description = "l_cache: the penalty grows over this many tokens before it (default ${DEFAULT-VALUE})")
    private int lengthCache = RewardConfig.defaults().lengthCache();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "seed of the choice of tests (default 1)")
    private long seed;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "overrides one value of the reward's config, e.g. tests=10 or languages=[en,fr]")
    private List<String> sets = List.of();

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "where: local[*] (default, threads of this process), or Spark's master")
    private String master;

    @Option(
            names = "--part-size",
            paramLabel = "N",
            defaultValue = "2000",
            description = "completions per part; finished parts are not scored again after a kill. A program counts"
                    + " as ten (default 2000)")
    private int partSize;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (partSize < 1) throw new BadInputException("--part-size " + partSize + ", allowed >= 1");
        List<String> all = new ArrayList<>(List.of("maxLength=" + maxLength, "lengthCache=" + lengthCache));
        all.addAll(sets);
        RewardConfig config = ConfigReader.read(RewardConfig.defaults(), Optional.empty(), all);
        config.checkClasses();
        String readyMaster = Masters.ready(master, spec.commandLine().getErr());
        ScoreTally tally = new ScoreTally();
        PrintWriter err = spec.commandLine().getErr();
        try (ScoreRun run = new ScoreRun(problems, completions, out, new ScoreRun.Settings(config, seed, partSize))) {
            run.check();
            if (!run.mapping().isEmpty()) err.println(problems + ": " + String.join("; ", run.mapping()));
            new Output("--out", out).replaces().ifPresent(err::println);
            if (run.countBefore() > 0)
                err.println(run.countBefore() + " of " + run.count() + " completions were scored by an earlier run");
            try (InterruptNotice ending = new InterruptNotice(err, run::kept);
                    Bar bar = Bar.of("score", run.count(), err)) {
                run.score(readyMaster, bar::to);
                run.finish(tally::add);
            } finally {
                if (!run.kept().isEmpty() && !InterruptNotice.processEnds()) err.println(run.kept());
            }
        }
        err.println(tally.text() + " in " + out);
        return Tramontane.DONE;
    }

    /** Counts for the closing line. */
    private static final class ScoreTally {
        private long count;
        private long scored;
        private long correct;
        private double sum;
        private String unscoredReason = "";

        void add(ObjectNode score) {
            count++;
            if (score.path("reward").isNull()) {
                if (unscoredReason.isEmpty())
                    unscoredReason = score.path("reason").asText();
                return;
            }
            scored++;
            sum += score.path("reward").asDouble();
            if (score.path("correctness").asDouble() > 0) correct++;
        }

        String text() {
            String unscored = count - scored + " UNSCORED (the first because " + unscoredReason + ")";
            if (scored == 0) return count + " completions: no reward, " + unscored;
            String means = String.format(
                    Locale.ROOT, "mean reward %.3f, %.1f %% correct", sum / scored, 100.0 * correct / scored);
            return count + " completions: " + means
                    + (scored == count ? "" : " over the " + scored + " that were scored, " + unscored);
        }
    }
}
