package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.replay.RecordedRun;
import io.tramontane.cluster.replay.Replay;
import io.tramontane.cluster.replay.ReplayDifference;
import io.tramontane.cluster.replay.ReplayRange;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.Finding;
import io.tramontane.cluster.verify.RunCheck;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are trained again from their recorded batches: six steps each, with a checkpoint after every second one. */
class ReplayTest {
    private static final int STEPS = 6;

    @TempDir
    static Path scratch;

    private static Path asynchronous;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws IOException {
        asynchronous = scratch.resolve("asynchronous");
        train(asynchronous, 2, List.of());
    }

    private static void train(Path run, int maxLag, List<String> sets) throws IOException {
        Path file = Files.writeString(
                Files.createTempFile(scratch, "config", ".yaml"), ConfigReader.print(TinyRun.config(STEPS, maxLag, 2)));
        Config config = ConfigReader.read(Config.defaults(), Optional.of(file), sets);
        TrainRun.run(config, new RunFolder(run), false, "local[*]", new TinyRun().setup(config, scratch));
        Files.writeString(run.resolve("config.yaml"), ConfigReader.print(config));
    }

    private static List<StepReport> replay(Path run, Integer from, Integer to, String... sets) {
        RecordedRun recorded = RecordedRun.of(new RunFolder(run), List.of(sets));
        TrainRun.Setup setup = new TinyRun().setup(recorded.config(), scratch);
        List<StepReport> reports = new ArrayList<>();
        new Replay(
                        recorded,
                        ReplayRange.of(recorded, from, to),
                        setup.roles(),
                        setup.policy(),
                        (report, seconds) -> reports.add(report))
                .run();
        return reports;
    }

    private Path copy() throws IOException {
        LocalCopy.copy(new LocalStorage(asynchronous), new LocalStorage(folder));
        return folder;
    }

    private static List<Integer> steps(List<StepReport> reports) {
        return reports.stream().map(StepReport::step).toList();
    }

    @Test
    void anAsynchronousRunIsEqualFromTheModelAndFromACheckpoint() throws IOException {
        String before = listing(asynchronous);
        assertEquals(List.of(1, 2, 3, 4, 5, 6), steps(replay(asynchronous, 1, null)));
        assertEquals(List.of(3, 4, 5, 6), steps(replay(asynchronous, null, null)));
        assertEquals(List.of(5), steps(replay(asynchronous, 5, 5)));
        assertEquals(before, listing(asynchronous));
    }

    /** Names, sizes and times of all files. */
    private static String listing(Path run) throws IOException {
        StringBuilder text = new StringBuilder();
        try (var files = Files.walk(run)) {
            for (Path file : files.sorted().toList())
                text.append(file)
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
        }
        return text.toString();
    }

    @Test
    void twoRanksThatDivideAllWithAReferenceAndStagesAreEqual() throws IOException {
        Path run = scratch.resolve("ranks");
        Path schedule = Files.writeString(
                scratch.resolve("schedule.yaml"),
                ConfigReader.print(TinyRun.config(STEPS, 1, 2)).replaceFirst("(?m)^schedule: .*$", "")
                        + "\nschedule:\n  - step: 4\n    set:\n      trainer.optimizer.learningRate: 0.003\n");
        Config config = ConfigReader.read(
                Config.defaults(),
                Optional.of(schedule),
                List.of(
                        "cluster.trainers=2",
                        "trainer.shard=full",
                        "trainer.loss.klCoef=0.1",
                        "trainer.loss.reference=ema"));
        TrainRun.run(config, new RunFolder(run), false, "local[*]", new TinyRun().setup(config, scratch));
        Files.writeString(run.resolve("config.yaml"), ConfigReader.print(config));
        assertEquals(List.of(1, 2, 3, 4, 5, 6), steps(replay(run, 1, null)));
        assertEquals(List.of(5, 6), steps(replay(run, 6, 6)));
        flip(new RunFolder(run).checkpoint(4).local().resolve("optimizer/second.safetensors"));
        ReplayDifference found = assertThrows(ReplayDifference.class, () -> replay(run, 1, null));
        assertEquals(4, found.step());
    }

    @Test
    void adaptersAreEqual() throws IOException {
        Path run = scratch.resolve("adapters");
        train(run, 2, List.of("trainer.lora.rank=2"));
        assertEquals(List.of(1, 2, 3, 4, 5, 6), steps(replay(run, 1, null)));
        assertEquals(List.of(3, 4, 5, 6), steps(replay(run, null, null)));
        flip(new RunFolder(run).checkpoint(4).local().resolve("optimizer/first.safetensors"));
        ReplayDifference found = assertThrows(ReplayDifference.class, () -> replay(run, null, null));
        assertTrue(found.getMessage().contains("optimizer/first.safetensors differs"), found.getMessage());
    }

    @Test
    void adaptersOfTwoRanksAreSoundAndEqualAndGoOn() throws IOException {
        Path run = scratch.resolve("adapters-of-ranks");
        List<String> ranks = List.of("trainer.lora.rank=2", "cluster.trainers=2");
        train(run, 2, ranks);
        assertEquals(List.of(), faults(run));
        assertEquals(List.of(1, 2, 3, 4, 5, 6), steps(replay(run, 1, null)));
        Config more = ConfigReader.read(
                Config.defaults(), Optional.of(run.resolve("config.yaml")), List.of("trainer.steps=" + (STEPS + 2)));
        TinyRun resumed = new TinyRun();
        TrainRun.run(more, new RunFolder(run), true, "local[*]", resumed.setup(more, scratch));
        assertEquals(List.of(7, 8), resumed.column("step"));
        Files.writeString(run.resolve("config.yaml"), ConfigReader.print(more));
        assertEquals(List.of(), faults(run));
        assertEquals(List.of(7, 8), steps(replay(run, 7, 8)));
        flip(new RunFolder(run).checkpoint(8).local().resolve("adapter/adapter_model.safetensors"));
        assertEquals(1, faults(run).size());
    }

    private static List<Finding> faults(Path run) {
        return RunCheck.of(new RunFolder(run)).stream()
                .filter(finding -> finding.fault().isPresent())
                .toList();
    }

    /** One bit of the last number. */
    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 4] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aBitOfABatchIsNamedAsBadInput() throws IOException {
        Path run = copy();
        Path batch = new RunFolder(run).batch(5).local();
        flip(batch);
        assertEquals(List.of(3, 4), steps(replay(run, 3, 4)));
        String message = assertThrows(BadInputException.class, () -> replay(run, 3, null))
                .getMessage();
        assertTrue(message.startsWith(batch + ": has SHA-256 "), message);
        Files.delete(batch);
        String missing = assertThrows(BadInputException.class, () -> replay(run, 3, null))
                .getMessage();
        assertEquals(batch + ": is missing, the ledger recorded it", missing);
    }

    @Test
    void aBitOfAMomentIsFoundAtItsStepAndWhereTrainingStartsWithIt() throws IOException {
        Path run = copy();
        Path checkpoint = new RunFolder(run).checkpoint(4).local();
        Path moment = checkpoint.resolve("optimizer/first.safetensors");
        flip(moment);
        ReplayDifference passing = assertThrows(ReplayDifference.class, () -> replay(run, 3, null));
        assertEquals(4, passing.step());
        assertTrue(
                passing.getMessage()
                        .startsWith("step 4: " + checkpoint
                                + ": optimizer/first.safetensors differs from the replayed one in model."),
                passing.getMessage());
        String starting = assertThrows(BadInputException.class, () -> replay(run, 5, null))
                .getMessage();
        assertTrue(starting.startsWith(moment + ": is not what was saved"), starting);
    }

    @Test
    void aChangedCounterOfACheckpointIsFoundAtItsStep() throws IOException {
        Path run = copy();
        Path state = new RunFolder(run).checkpoint(4).local().resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("\"updates\":8", "\"updates\":9"));
        ReplayDifference found = assertThrows(ReplayDifference.class, () -> replay(run, 3, null));
        assertTrue(found.getMessage().contains("step-000004: its updates are 9, replayed are 8"), found.getMessage());
    }

    @Test
    void aChangedDigestOfTheLedgerIsFoundAtItsStep() throws IOException {
        Path run = copy();
        RecordedRun recorded = RecordedRun.of(new RunFolder(run), List.of());
        String digest = recorded.history().steps().get(4);
        Path ledger = run.resolve("ledger/events.jsonl");
        String changed = (digest.charAt(0) == '0' ? '1' : '0') + digest.substring(1);
        String before = Files.readString(ledger);
        Files.writeString(ledger, before.replace(digest, changed));
        String chain = assertThrows(BadInputException.class, () -> replay(run, 3, null))
                .getMessage();
        assertTrue(chain.contains("events.jsonl:") && chain.contains("the chain does not fit"), chain);
        // a ledger of an earlier version has none
        Files.writeString(ledger, before.replace(digest, changed).replaceAll(",\"chain\":\"[0-9a-f]+\"", ""));
        ReplayDifference found = assertThrows(ReplayDifference.class, () -> replay(run, 3, null));
        assertEquals(
                "step 4: the weights' digest is " + digest + ", the ledger recorded " + changed + "; replayed from "
                        + new RunFolder(run).checkpoint(2).name() + "; steps 3 to 3 are equal",
                found.getMessage());
        String message = assertThrows(BadInputException.class, () -> replay(run, 5, null))
                .getMessage();
        assertTrue(message.contains("step-000004: the weights' digest is " + digest), message);
    }

    @Test
    void whatIfTrainsTheSameBatchesOtherwiseAndComparesNothing() {
        List<StepReport> then = replay(asynchronous, 3, null);
        List<StepReport> now = replay(asynchronous, 3, null, "trainer.optimizer.learningRate=0.01");
        assertEquals(then.get(0).behaviourKl(), now.get(0).behaviourKl(), "before anything has changed");
        assertEquals(0.006, now.get(0).learningRate(), 1e-12); // the third of five steps of warm-up
        assertTrue(then.get(3).entropy() != now.get(3).entropy(), "the last step began with other weights");
        assertEquals(then.get(3).completionTokens(), now.get(3).completionTokens());
    }

    @Test
    void whatIfChangesTheTrainerAlone() {
        for (String set : List.of("seed=2", "rollout.temperature=0.5", "trainer.batchSize=4", "trainer.lora.rank=2")) {
            String message = assertThrows(BadInputException.class, () -> replay(asynchronous, 3, null, set))
                    .getMessage();
            assertTrue(message.startsWith("--set " + set + ": allowed are keys of trainer except"), message);
        }
    }
}
