package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.jobs.ScoreRun;
import io.tramontane.rewards.RewardConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The whole {@code score} job on files made for it: lines a second without the start, and the live heap. */
public final class ScoreBench {
    private static final double MIB = 1 << 20;

    private final Findings findings;
    private final String master;

    /** Where the tasks run. */
    public ScoreBench(Findings findings, String master) {
        this.findings = findings;
        this.master = master;
    }

    /** Times of one file. */
    private record Timing(int lines, double seconds, double heapMebibytes) {
        double perSecond() {
            return lines / seconds;
        }
    }

    /** One file of maths and programs. */
    void mixed(int maths, int programs) throws IOException {
        time(Math.min(maths, 2_000), Math.min(programs, 4)); // the compiler warms up
        Timing alone = time(maths, 0);
        Timing both = time(maths, programs);
        ObjectNode json = findings.group("score");
        json.put("master", master);
        json.put("mathsLines", maths).put("mathsPerSecond", alone.perSecond());
        json.put("mixedLines", both.lines()).put("programs", programs).put("mixedPerSecond", both.perSecond());
        findings.print(
                "score, %s: %.0f completions a second of %d of maths; %.0f a second when %d of %d are programs with 20 tests",
                master, alone.perSecond(), maths, both.perSecond(), programs, both.lines());
    }

    /** Maths files of growing sizes. */
    public void sizes(List<Integer> sizes) throws IOException {
        time(Math.min(sizes.get(0), 2_000), 0);
        ObjectNode json = findings.group("scale").put("master", master);
        for (int lines : sizes) {
            Timing timing = time(lines, 0);
            json.putObject(Integer.toString(lines))
                    .put("seconds", timing.seconds())
                    .put("perSecond", timing.perSecond())
                    .put("heapMebibytes", timing.heapMebibytes());
            findings.print(
                    "score, %s: %d lines in %.2f s, %.0f a second; at most %.1f MiB of live heap",
                    master, lines, timing.seconds(), timing.perSecond(), timing.heapMebibytes());
        }
    }

    private Timing time(int maths, int programs) throws IOException {
        Path folder = Files.createTempDirectory("tramontane-bench");
        try {
            MixedFile.write(folder, maths, programs);
            return timed(folder, maths + programs);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private Timing timed(Path folder, int lines) {
        ScoreClock clock = ScoreClock.of(lines);
        ScoreRun.Settings settings = new ScoreRun.Settings(RewardConfig.defaults(), 1, 2_000);
        try (ScoreRun run = new ScoreRun(
                folder.resolve("P.jsonl").toString(),
                folder.resolve("C.jsonl").toString(),
                folder.resolve("S.jsonl").toString(),
                settings)) {
            run.check();
            run.score(master, clock::at);
            run.finish(score -> {});
        }
        return new Timing(lines, clock.seconds(), clock.largestHeap() / MIB);
    }
}
