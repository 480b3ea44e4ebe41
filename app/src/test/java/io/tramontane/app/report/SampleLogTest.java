package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLogTest {
    private static final Problem PROBLEM = Problem.math("gym/7", "fr", "Combien font 3 + 4 ?", "7", Map.of("level", 2));
    private static final Completion COMPLETION = new Completion(
            new int[] {5, 6, 1},
            new float[] {-1, -1, -1},
            new int[] {41, 42, 42},
            true,
            "<think>7</think>\n\\boxed{7}");
    private static final RewardBreakdown CORRECT =
            new RewardBreakdown(0.1, 0.9, 0, 0.1, Verdict.CORRECT, "7 is 7", "7", List.of("fr", "fr", "fr"), 1.5);

    @TempDir
    Path temp;

    @Test
    void aSampleKeepsWhatWasAskedWrittenAndJudged() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        new SampleLog(folder).append(List.of(new Sample(42, Sample.Phase.TRAIN, PROBLEM, COMPLETION, CORRECT)));
        assertEquals(
                "{\"step\":42,\"phase\":\"train\",\"problemId\":\"gym/7\",\"language\":\"fr\",\"level\":2,"
                        + "\"kind\":\"math\",\"statement\":\"Combien font 3 + 4 ?\",\"answer\":\"7\","
                        + "\"completion\":\"<think>7</think>\\n\\\\boxed{7}\",\"reward\":1.1,\"rewardFormat\":0.1,"
                        + "\"rewardCorrectness\":0.9,\"rewardLength\":0.0,\"rewardLanguage\":0.1,"
                        + "\"verdict\":\"CORRECT\",\"reason\":\"7 is 7\",\"extracted\":\"7\","
                        + "\"evidence\":{\"rule\":\"\",\"seed\":\"0\",\"tests\":[],\"passed\":0},"
                        + "\"languages\":[\"fr\",\"fr\",\"fr\"],\"oldestVersion\":41,\"newestVersion\":42,"
                        + "\"finished\":true,\"length\":3}\n",
                Files.readString(folder.samples().local().resolve("step-000042.jsonl")));
    }

    @Test
    void ourOwnFailureHasNoReward() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        RewardBreakdown unscored = RewardBreakdown.unscored("sandbox is gone", 0);
        new SampleLog(folder).append(List.of(new Sample(1, Sample.Phase.BEFORE, PROBLEM, COMPLETION, unscored)));
        assertNull(SampleLog.read(folder).get(0).get("reward"));
    }

    @Test
    void resumingRemovesTheSamplesOfLaterSteps() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        SampleLog log = new SampleLog(folder);
        for (int step : new int[] {9, 10, 11})
            log.append(List.of(new Sample(step, Sample.Phase.TRAIN, PROBLEM, COMPLETION, CORRECT)));
        log.cutAfter(10);
        assertEquals(
                List.of(9, 10),
                SampleLog.read(folder).stream().map(row -> row.get("step")).toList());
        assertFalse(Files.exists(folder.sampleFile(11).local()));
    }

    @Test
    void aLineThatIsNoSampleIsLeftOutAndARunThatGoesOnKeepsItBeside() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        SampleLog log = new SampleLog(folder);
        log.append(List.of(new Sample(1, Sample.Phase.TRAIN, PROBLEM, COMPLETION, CORRECT)));
        Path file = folder.sampleFile(1).local();
        Files.write(file, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
        assertEquals(1, SampleLog.read(folder).size());
        List<String> told = new ArrayList<>();
        log.cutAfter(1, told::add);
        assertEquals(
                List.of("warning: " + file
                        + ":2: not a JSON object; left out and kept in step-000001.jsonl.unreadable"),
                told);
        told.clear();
        log.cutAfter(1, told::add);
        assertEquals(List.of(), told);
        assertEquals(1, SampleLog.read(folder).size());
    }
}
