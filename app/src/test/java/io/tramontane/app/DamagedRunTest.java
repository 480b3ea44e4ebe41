package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.Finding;
import io.tramontane.cluster.verify.RunCheck;
import io.tramontane.cluster.verify.SoundCheckpoints;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.data.UnreadableException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A synchronous run of five steps with checkpoints of steps 2 and 4, killed before its last one was written; then something in
 * its folder changes.
 */
class DamagedRunTest {
    private static final Config CONFIG = TinyRun.config(5, 0, 2);

    @TempDir
    static Path whole;

    @TempDir
    Path folder;

    private RunFolder run;
    private final TinyRun told = new TinyRun();

    @BeforeAll
    static void trainOnce() throws IOException {
        RunFolder run = new RunFolder(whole.resolve("run"));
        TrainRun.run(CONFIG, run, false, "local[*]", new TinyRun().setup(CONFIG, whole));
        run.checkpoint(5).deleteTree();
        Files.writeString(run.configYaml().local(), ConfigReader.print(CONFIG));
    }

    @BeforeEach
    void copy() throws IOException {
        LocalCopy.copy(new LocalStorage(whole.resolve("run")), new LocalStorage(folder.resolve("run")));
        run = new RunFolder(folder.resolve("run"));
    }

    private void flip(String file, int at) throws IOException {
        Path path = run.root().local().resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        bytes[at < 0 ? bytes.length + at : at] ^= 1;
        Files.write(path, bytes);
    }

    private void resume(int steps) {
        Config more = TinyRun.config(steps, 0, 2);
        TrainRun.run(more, run, true, "local[*]", told.setup(more, folder));
    }

    private History history() {
        return History.read(RunState.eventsFile(run));
    }

    private List<String> checkpoints() throws IOException {
        return run.checkpoints().list();
    }

    @Test
    void verifyFindsNothingInARunThatNobodyTouched() {
        List<Finding> findings = RunCheck.of(run);
        assertTrue(findings.stream().allMatch(finding -> finding.fault().isEmpty()), findings.toString());
        assertEquals(
                List.of("config 1", "steps 5", "batches 5", "checkpoints 2", "spilled groups 0"),
                findings.stream()
                        .filter(finding -> !finding.what().startsWith("events"))
                        .map(finding -> finding.what() + " " + finding.count())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkpoints/step-000002/optimizer/first.safetensors",
                "checkpoints/step-000004/optimizer/second.safetensors",
                "checkpoints/step-000002/model.safetensors",
                "checkpoints/step-000004/state.json",
                "checkpoints/step-000004/config.json",
                "batches/step-000001.arrow",
                "batches/step-000005.arrow"
            })
    void verifyFindsOneFlippedBitAndNamesTheFile(String file) throws IOException {
        flip(file, (int) Files.size(run.root().local().resolve(file)) / 2);
        List<Finding> broken =
                RunCheck.of(run).stream().filter(finding -> !finding.isSound()).toList();
        assertEquals(1, broken.size(), broken.toString());
        assertTrue(broken.get(0).fault().orElse("").contains(file + ": "), broken.toString());
        assertTrue(broken.get(0).cure().orElse("").contains("from a backup"), broken.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "step, 4, digest, checkpoints/step-000004: the weights' digest is",
        "batch, 3, digest, batches/step-000003.arrow: has SHA-256",
        "batch, 3, groups, batches/step-000003.arrow: has groups",
    })
    void verifyFindsAChangedDigestOrGroupOfALedgerWithoutAChain(String event, int step, String field, String fault)
            throws IOException {
        changeEvent(line -> line.replaceFirst(",\"chain\":\"[0-9a-f]+\"", "")); // as earlier versions wrote it
        changeEvent(line -> line.contains("\"event\":\"" + event + "\"") && line.contains("\"step\":" + step + ",")
                ? line.replaceFirst("(\"" + field + "\":[\\[\"])[0-9a-f]", "$17")
                : line);
        List<Finding> broken =
                RunCheck.of(run).stream().filter(finding -> !finding.isSound()).toList();
        assertTrue(
                broken.stream().anyMatch(finding -> finding.fault().orElse("").contains(fault)), broken.toString());
    }

    @Test
    void verifyFindsAChangedLineOfTheLedgerByItsChain() throws IOException {
        changeEvent(line -> line.contains("\"event\":\"batch\"") && line.contains("\"step\":3,")
                ? line.replaceFirst("(\"groups\":\\[)[0-9]", "$17")
                : line);
        List<Finding> broken =
                RunCheck.of(run).stream().filter(finding -> !finding.isSound()).toList();
        assertEquals(1, broken.size(), broken.toString());
        assertTrue(broken.get(0).fault().orElse("").contains(": the chain does not fit: "), broken.toString());
    }

    private void changeEvent(UnaryOperator<String> change) throws IOException {
        Path events = RunState.eventsFile(run).local();
        List<String> before = Files.readAllLines(events);
        List<String> after = before.stream().map(change).toList();
        assertFalse(before.equals(after), "nothing was changed");
        Files.writeString(events, String.join("\n", after) + "\n");
    }

    @Test
    void aBitInAMomentIsToldInOneLineAndTheCheckpointBeforeLeadsToTheSameWeights() throws IOException {
        flip("checkpoints/step-000004/optimizer/first.safetensors", -3);
        resume(6);
        String fault = told.messages.get(0);
        assertTrue(
                fault.contains("step-000004/optimizer/first.safetensors: is not what was saved")
                        && fault.endsWith("the checkpoint of step 4 is set aside as step-000004.damaged"),
                fault);
        assertEquals(
                "going on from the checkpoint of step 2, training the recorded batches of steps 3 to 5 again",
                told.messages.get(1));
        assertEquals(List.of(6), told.column("step"));
        assertEquals(List.of("step-000002", "step-000004", "step-000004.damaged", "step-000006"), checkpoints());
        for (int step = 1; step <= 5; step++)
            assertEquals(
                    History.read(RunState.eventsFile(new RunFolder(whole.resolve("run"))))
                            .steps()
                            .get(step),
                    history().steps().get(step));
        assertTrue(Audit.of(RunState.eventsFile(run)).exact());
        assertTrue(RunCheck.of(run).stream().allMatch(Finding::isSound));
    }

    @Test
    void withoutASoundCheckpointTheModelAndTheBatchesLeadToTheSameWeights() throws IOException {
        flip("checkpoints/step-000004/model.safetensors", -3);
        Files.write(run.checkpoint(2).local().resolve("state.json"), new byte[0]);
        resume(5);
        assertEquals(
                "no checkpoint is sound: starting from the model, training the recorded batches of steps 1 to 5 again",
                told.messages.get(2));
        assertEquals(
                History.read(RunState.eventsFile(new RunFolder(whole.resolve("run"))))
                        .steps(),
                history().steps());
    }

    @Test
    void aDamagedBatchThatIsNeededIsOneLineWithACureThatWorks() throws IOException {
        flip("batches/step-000005.arrow", 3000);
        String line = assertThrows(BadInputException.class, () -> resume(6)).getMessage();
        Path events = RunState.eventsFile(run).local();
        List<String> all = Files.readAllLines(events);
        int batch = 0;
        while (!all.get(batch).contains("\"event\":\"batch\"")
                || !all.get(batch).contains("\"step\":5,")) batch++;
        assertTrue(
                line.matches(
                        ".*batches/step-000005.arrow: has SHA-256 \\w+, the ledger recorded \\w+; restore it from a"
                                + " backup, or give step 5 and all later ones up: in a copy of the run folder end events.jsonl"
                                + " before line " + (batch + 1)
                                + " and delete the batches from step 5 on, then train --resume"
                                + " the copy"),
                line);
        assertEquals(List.of(), told.train);
        Files.writeString(events, String.join("\n", all.subList(0, batch)) + "\n");
        run.batch(5).delete();
        resume(6);
        assertEquals(List.of(5, 6), told.column("step"));
        assertTrue(RunCheck.of(run).stream().allMatch(Finding::isSound));
        assertTrue(Audit.of(RunState.eventsFile(run)).exact());
    }

    @Test
    void anOldDamagedBatchDoesNotStopTheRun() throws IOException {
        flip("batches/step-000001.arrow", 3000);
        resume(6);
        assertEquals(List.of(6), told.column("step"));
    }

    /** A place in a store that gives no file of moments, as in an outage. */
    private static StoragePath outage(StoragePath there) {
        return (StoragePath) Proxy.newProxyInstance(
                StoragePath.class.getClassLoader(), new Class<?>[] {StoragePath.class}, (proxy, method, args) -> {
                    if (method.getName().equals("isRemote")) return true;
                    if (method.getName().equals("open") && there.name().endsWith("first.safetensors"))
                        throw new UnreadableException(there.name() + ": cannot be read (timeout)");
                    Object answer = method.invoke(there, args);
                    return answer instanceof StoragePath path ? outage(path) : answer;
                });
    }

    @Test
    void aStoreThatDoesNotAnswerDamagesNoCheckpoint() throws IOException {
        List<String> before = checkpoints();
        List<String> lines = new ArrayList<>();
        SoundCheckpoints sound = new SoundCheckpoints(
                new RunFolder(outage(run.root())), history().recorded(), lines::add);
        String message = assertThrows(UnreadableException.class, sound::newest).getMessage();
        assertTrue(message.endsWith("first.safetensors: cannot be read (timeout)"), message);
        assertEquals(before, checkpoints());
        assertEquals(List.of(), lines);
    }
}
