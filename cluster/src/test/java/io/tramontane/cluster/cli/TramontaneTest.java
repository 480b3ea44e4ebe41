package io.tramontane.cluster.cli;

import static io.tramontane.cluster.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad usage and bad input through the real command line: one line, exit 2, nothing left behind. */
class TramontaneTest {
    @TempDir
    Path folder;

    private Path model;
    private Path config;

    @BeforeEach
    void aModelAndAConfig() throws IOException {
        model = folder.resolve("model");
        PolicyConfig shape = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 256, 10000, 1e-6, true, 0);
        Checkpoint.write(model, new WeightSnapshot(shape, 0), null);
        config = Files.writeString(
                folder.resolve("small.yaml"),
                """
                model: %s
                data: {chat: tiny}
                rollout: {maxPromptTokens: 80, maxTokens: 176}
                rewards: {maxLength: 176, lengthCache: 32}
                trainer: {batchSize: 128, minibatchSize: 128}
                """
                        .formatted(model));
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheNearestOne() {
        assertEquals(
                "unknown command 'trian', did you mean train? Commands: train, sft, config, generate, logprobs, score, evaluate, report, curate, bench",
                complaint("trian"));
    }

    @Test
    void noCommandListsTheCommands() {
        assertEquals(
                "no command given, allowed train, sft, config, generate, logprobs, score, evaluate, report, curate, bench (see tramontane --help)",
                complaint());
    }

    @Test
    void anUnknownOptionAndAMissingOneAreOneLineEach() {
        assertTrue(
                complaint("train", "--stepps", "3").startsWith("Unknown option"), complaint("train", "--stepps", "3"));
        assertEquals(
                "Missing required option: '--out=FILE' (see tramontane generate --help)",
                complaint("generate", "--model", model, "--prompts", config));
    }

    @Test
    void helpIsNoMistake() {
        CommandLineRun help = CommandLineRun.of("train", "--help");
        assertEquals(0, help.exit());
        assertTrue(help.out().contains("Example: tramontane train"), help.out());
        assertEquals(0, CommandLineRun.of("--help").exit());
    }

    @Test
    void aConfigThatIsNotThereOrHasAnUnknownKey() throws IOException {
        assertEquals(
                folder.resolve("none.yaml") + ": no such file",
                complaint("train", "--config", folder.resolve("none.yaml")));
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "trainer:\n  learningRate: 1\n");
        assertEquals(
                wrong + ":2: unknown key trainer.learningRate, did you mean trainer.optimizer.learningRate?",
                complaint("train", "--config", wrong));
    }

    @Test
    void sizesThatCannotWorkAreRefusedBeforeARunFolderExists() throws IOException {
        addTokenizer();
        Path run = folder.resolve("run");
        assertEquals(
                "rollout.maxPromptTokens 80 and rollout.maxTokens 177 make sequences of 257 tokens,"
                        + " the model has 256 positions",
                complaint("train", "--config", config, "--run", run, "--set", "rollout.maxTokens=177"));
        assertEquals(
                "--set rollout.groupSize=48: trainer.batchSize 128 must be a multiple of rollout.groupSize 48",
                complaint("train", "--config", config, "--run", run, "--set", "rollout.groupSize=48"));
        assertTrue(Files.notExists(run));
    }

    @Test
    void aHeldOutProblemThatIsTooLongForTheCacheEndsARunBeforeItBegins() throws IOException {
        addTokenizer();
        Path run = folder.resolve("run");
        String complaint = complaint("train", "--config", config, "--run", run, "--set", "rollout.maxPromptTokens=8");
        assertTrue(complaint.startsWith("evaluation problem "), complaint);
        assertTrue(complaint.endsWith(" tokens, rollout.maxPromptTokens allows 8"), complaint);
        assertTrue(Files.notExists(run));
    }

    private void addTokenizer() throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.copy(ModelFolder.resolve("builtin:tiny").resolve(name), model.resolve(name));
    }

    @Test
    void aModelThatIsNotThere() {
        assertEquals(
                "model " + folder.resolve("nothing") + ": no such folder, nor a .gguf file",
                complaint("train", "--config", config, "--set", "model=" + folder.resolve("nothing")));
    }

    @Test
    void aRunFolderInUseAndAResumeWithoutOne() throws IOException {
        addTokenizer();
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("notes.txt"), "mine");
        assertEquals(
                "run folder " + run + " is not empty: continue its run with --resume, or name another folder",
                complaint("train", "--config", config, "--run", run));
        assertEquals("--resume needs --run DIR, the run to continue", complaint("train", "--resume"));
        assertEquals(1, run.toFile().list().length);
    }

    @Test
    void dryRunPrintsTheResolvedConfigAndTheArithmeticAndMakesNothing() throws IOException {
        addTokenizer();
        CommandLineRun run = CommandLineRun.of(
                "train",
                "--config",
                config,
                "--dry-run",
                "--set",
                "seed=9",
                "--run",
                folder.resolve("run"),
                "--set",
                "rewards.lengthSchedule.50.lengthCache=16");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().startsWith("seed: 9\nmodel: "), run.out());
        assertTrue(run.out().contains("# n_async / n_batch                 1.00, at most 2: good"), run.out());
        assertTrue(run.out().contains("# length penalty from step 50 "), run.out());
        assertTrue(run.out().matches("(?s).*\n  date: \"\\d{4}-\\d\\d-\\d\\d\"\n.*"), run.out());
        assertTrue(Files.notExists(folder.resolve("run")));
    }

    @Test
    void aReportOfAFolderWithoutARun() {
        assertEquals(
                "run folder " + folder + " holds no run: " + folder.resolve("config.yaml") + " is missing",
                complaint("report", folder));
    }

    @Test
    void ourOwnFailureEndsWithOneAndTheStackTrace() throws IOException {
        Path run = Files.createDirectories(folder.resolve("broken"));
        Files.writeString(run.resolve("config.yaml"), "seed: 1\n");
        Files.createDirectories(run.resolve("report.html").resolve("in the way"));
        CommandLineRun failed = CommandLineRun.of("report", run);
        assertEquals(1, failed.exit(), failed.err());
        assertTrue(failed.err().contains("\tat io.tramontane."), failed.err());
    }
}
