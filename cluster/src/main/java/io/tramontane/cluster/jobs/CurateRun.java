package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.Master;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.cluster.files.Inputs;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Problem;
import io.tramontane.data.StoragePath;
import io.tramontane.rewards.ProgramRuns;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.TestRules;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;

/** A problem file becomes one whose tests the reference solutions confirm, and a report; in the steps of {@link ScoreRun}. */
public final class CurateRun implements AutoCloseable {
    private final Inputs problemFile;
    private final StoragePath out;
    private final StoragePath report;
    private final Settings settings;
    private final PartBook book = new PartBook();

    /**
     * What the result depends on besides the file.
     *
     * @param config limits of a program: the same as for rewards
     * @param partSize runs of a program in a part
     */
    public record Settings(RewardConfig config, TestRules rules, int partSize) {}

    /** The problems may be in any {@link RowForm}, or a data set that we read; the result is JSON lines. */
    public CurateRun(String problems, String out, String report, Settings settings) {
        new Output("--out", out).checkFile(List.of(problems));
        new Output("--report", report).checkFile(List.of(problems, out));
        this.problemFile = Inputs.of(problems);
        this.out = Storage.path(out);
        this.report = Storage.path(report);
        this.settings = settings;
        if (RowForm.of(out) != RowForm.JSON_LINES)
            throw new BadInputException(out + ": problems are written as JSON lines, allowed .jsonl and .jsonl.gz");
    }

    /** Reads every line, so that broken ones are found before Spark starts and before anything is written. */
    public void check() {
        try (ProblemInput problems = ProblemInput.open(problemFile)) {
            CheckedRows<Problem> rows = new CheckedRows<>(problems);
            parts(rows).forEachRemaining(part -> book.add(part.rows()));
            rows.verify();
        }
        String key = JobKey.of(
                "curate tests", problemFile.digest(), settings.config(), settings.rules(), settings.partSize());
        book.open(out, key);
    }

    private ProblemParts parts(Iterator<Problem> problems) {
        return new ProblemParts(problems, settings.partSize());
    }

    /** Problems in the file. */
    public long count() {
        return book.rows();
    }

    /** Problems that an earlier run has looked at. */
    public long countBefore() {
        return book.finishedRows();
    }

    /** Runs the solutions of all problems that no earlier run has finished. */
    public void curate(String master, LongConsumer progress) {
        if (book.complete()) return;
        RewardConfig config = settings.config();
        if (Master.of(master).inProcess()) programs(config);
        TestRules rules = settings.rules();
        try (PartJob job = new PartJob("curate tests", master);
                ProblemInput problems = ProblemInput.open(problemFile)) {
            job.run(
                    parts(problems),
                    problem -> List.of(TestCurator.line(problem, programs(config), rules)),
                    book.files(),
                    progress);
        }
    }

    private static ProgramRuns programs(RewardConfig config) {
        ProgramRuns programs = ProcessWide.get(ProgramRuns.class, config, () -> ProgramRuns.open(config));
        if (!programs.available())
            throw new BadInputException("programs cannot be run here: " + programs.unavailableReason());
        return programs;
    }

    /** Puts problems and report together; returns the totals. */
    public CurateTotals finish() {
        CurateTotals totals = new CurateTotals();
        try (AtomicText problems = AtomicText.open(out, out.create(book.files().output()));
                AtomicText entries = AtomicText.open(report, report.create())) {
            entries.line("{\"rules\":" + rules() + ",\"problems\":[");
            book.read(line -> {
                if (line.get(TestCurator.PROBLEM) instanceof ObjectNode problem) problems.line(problem.toString());
                ObjectNode entry = (ObjectNode) line.get(TestCurator.ENTRY);
                entries.line((totals.problems() == 0 ? "" : ",") + entry);
                totals.add(entry);
            });
            entries.line("],\"totals\":" + totals.json() + "}");
            entries.commit();
            problems.commit();
        }
        book.used();
        return totals;
    }

    private String rules() {
        TestRules rules = settings.rules();
        return "{\"agreement\":" + rules.agreement() + ",\"solutions\":" + rules.solutions() + ",\"tests\":"
                + rules.tests() + "}";
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
