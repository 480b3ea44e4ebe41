package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicRows;
import io.tramontane.cluster.files.Inputs;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.CompletionFiles;
import io.tramontane.data.CompletionRow;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.StoragePath;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.Verifiers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One file of completions becomes one file of scores. In this order, so that a failure at any point leaves nothing wrong:
 * every line is read and checked; the parts that are missing are scored and kept; the output is put together from the parts
 * and appears; the parts are removed.
 */
public final class ScoreRun implements AutoCloseable {
    private final Inputs problemFile;
    private final Inputs completionFile;
    private final StoragePath out;
    private final Settings settings;
    private final HashMap<String, Problem> problems = new HashMap<>();
    private final PartBook book = new PartBook();
    private List<String> mapping = List.of();

    /**
     * What the scores depend on besides the files.
     *
     * @param config the reward
     * @param seed of the tests that are drawn
     * @param partSize answers in a part; a program counts for ten
     */
    public record Settings(RewardConfig config, long seed, int partSize) {}

    /** Files in any {@link RowForm}, on any file system; inputs may be folders and patterns, see {@link Inputs}. */
    public ScoreRun(String problems, String completions, String out, Settings settings) {
        new Output("--out", out).checkFile(List.of(problems, completions));
        this.problemFile = Inputs.of(problems);
        this.completionFile = Inputs.of(completions);
        this.out = Storage.path(out);
        this.settings = settings;
    }

    /** Reads every line of both files, so that a broken one is found before the work starts and before anything is written. */
    public void check() {
        try (ProblemInput file = ProblemInput.open(problemFile)) {
            CheckedRows<Problem> rows = new CheckedRows<>(file);
            rows.forEachRemaining(problem -> problems.put(problem.id(), problem));
            rows.verify();
            mapping = file.mapping();
        }
        Set<String> used = new HashSet<>();
        try (CompletionFiles file = completions()) {
            CheckedRows<CompletionRow> rows = new CheckedRows<>(file);
            for (CompletionParts parts = parts(rows); parts.hasNext(); ) {
                Part<CompletionRun> part = parts.next();
                part.items().forEach(run -> used.add(run.problemId()));
                book.add(part.rows());
            }
            rows.verify();
        }
        problems.keySet().retainAll(used);
        book.open(out, key());
    }

    private String key() {
        return JobKey.of(
                "score",
                problemFile.digest(),
                completionFile.digest(),
                settings.config(),
                settings.seed(),
                settings.partSize());
    }

    private CompletionFiles completions() {
        return CompletionFiles.open(completionFile.rows(), Set.copyOf(problems.keySet()));
    }

    private CompletionParts parts(Iterator<CompletionRow> rows) {
        return new CompletionParts(rows, problems, settings.partSize());
    }

    /** How problems of other people's spelling are read, for a person; empty where nothing had to be done. */
    public List<String> mapping() {
        return mapping;
    }

    /** Completions in the file. */
    public long count() {
        return book.rows();
    }

    /** Completions that an earlier run has scored. */
    public long countBefore() {
        return book.finishedRows();
    }

    /** Scores what no earlier run has left. */
    public void score(String master, LongConsumer progress) {
        if (book.complete()) return;
        RewardConfig config = settings.config();
        long seed = settings.seed();
        try (PartJob job = new PartJob("score", master);
                CompletionFiles rows = completions()) {
            TaskRunner.Shared<HashMap<String, Problem>> table = job.share(problems);
            job.run(
                    parts(rows),
                    run -> lines(config, seed, table.get().get(run.problemId()), run),
                    book.files(),
                    progress);
        }
    }

    private static List<String> lines(RewardConfig config, long seed, Problem problem, CompletionRun run) {
        Verifiers verifiers =
                ProcessWide.get(Verifiers.class, Map.entry(config, seed), () -> Verifiers.open(config, seed));
        int[] lengths = run.lengths().stream().mapToInt(Integer::intValue).toArray();
        List<String> lines = new ArrayList<>();
        for (RewardBreakdown verdict : verifiers.score(problem, run.group(), run.texts(), lengths))
            lines.add(ScoreLine.of(problem.id(), run.group(), verdict));
        return lines;
    }

    /**
     * Puts the output together.
     *
     * @param each sees every score, in order
     */
    public void finish(Consumer<ObjectNode> each) {
        try (AtomicRows rows = AtomicRows.create(out, book.files().output(), ScoreLine.COLUMNS)) {
            book.read(score -> {
                rows.add(score);
                each.accept(score);
            });
            rows.commit();
        }
        book.used();
    }

    /** What is kept for a later run, as a sentence; empty when nothing is. */
    public String kept() {
        return book.kept();
    }

    @Override
    public void close() {
        book.close();
    }
}
