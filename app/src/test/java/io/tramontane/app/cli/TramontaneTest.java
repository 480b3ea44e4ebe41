package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad usage and bad input through the real command line: one line, exit 2, nothing left behind. */
class TramontaneTest {
    @TempDir
    Path folder;

    private Path model;
    private Path config;

    @BeforeEach
    void aModelAndAConfig() throws IOException {
        model = folder.resolve("model");
        PolicyConfig shape = new PolicyConfig(1, 4, 2, 1, 2, 6, 1049, 256, 10000, 1e-6, true, 0);
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
                "unknown command 'trian', did you mean train? Commands: train, sft, config, plan, generate, logprobs, score, evaluate, serve, replay, report, verify, compare, analyse, experiment, curate, export, bench",
                complaint("trian"));
    }

    @Test
    void aWordThatIsACommandElsewhereDoesNotHideTheOthers() {
        assertTrue(
                complaint("trian", "config").contains("'trian', did you mean train? Commands: train, sft, config, "));
        assertEquals("unknown command 'scor', did you mean score?", complaint("help", "scor"));
        assertTrue(CommandLineRun.of("score", "--help").out().contains("--longest-line"));
        assertTrue(CommandLineRun.of("--help").out().contains("evaluate"));
    }

    @Test
    void noCommandListsTheCommands() {
        assertEquals(
                "no command given, allowed train, sft, config, plan, generate, logprobs, score, evaluate, serve, replay, report, verify, compare, analyse, experiment, curate, export, bench (see tramontane --help)",
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
    void comparingNeedsTwoRunsAndAPlaceForThePage() throws IOException {
        Path run = Files.createDirectories(folder.resolve("a"));
        Files.writeString(run.resolve("config.yaml"), "seed: 1\n");
        assertTrue(complaint("compare", run).contains("requires at least 2 values"), complaint("compare", run));
        assertTrue(complaint("compare", run, folder.resolve("b")).startsWith("run folder " + folder.resolve("b")));
        Path nowhere = folder.resolve("no/such/compare.html");
        assertEquals(
                "--out " + nowhere + ": there is no folder " + nowhere.getParent(),
                complaint("compare", run, run, "--out", nowhere));
        CommandLineRun same = CommandLineRun.of("compare", run, run, "--out", folder.resolve("c.html"));
        assertEquals(0, same.exit(), same.err());
        assertTrue(same.out().contains("The configurations are the same."), same.out());
        assertTrue(Files.exists(folder.resolve("c.html")));
        CommandLineRun json = CommandLineRun.of("compare", run, run, "--json");
        assertTrue(json.out().startsWith("{\"runs\":[{\"name\":"), json.out());
    }

    @Test
    void aRunIsServedForAWhile() throws IOException {
        Path run = Files.createDirectories(folder.resolve("a"));
        Files.writeString(run.resolve("config.yaml"), "seed: 1\n");
        CommandLineRun served = CommandLineRun.of("report", run, "--serve", "--port", 0, "--minutes", 0.001);
        assertEquals(0, served.exit(), served.err());
        assertTrue(served.out().startsWith("http://127.0.0.1:"), served.out());
        assertEquals("--port 70000, allowed 0 to 65535", complaint("report", run, "--serve", "--port", 70000));
        assertEquals("--minutes -1.0, allowed >= 0", complaint("report", run, "--serve", "--minutes", -1));
    }

    @Test
    void evaluationProblemsThatAreTrainedOnAreReported() throws IOException {
        addTokenizer();
        Path problems = Files.writeString(
                folder.resolve("p.jsonl"),
                "{\"id\":\"1\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n");
        CommandLineRun plan = CommandLineRun.of(
                "train",
                "--dry-run",
                "--config",
                config,
                "--set",
                "data.train=" + problems,
                "--set",
                "data.evaluation=" + problems);
        assertEquals(0, plan.exit(), plan.err());
        assertTrue(
                plan.err().contains("warning: 1 of 1 evaluation problems are training problems too (the first is 1)"),
                plan.err());
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
        assertEquals(
                "--set trainer.minibatchSize=8: trainer.minibatchSize 8 must be a multiple of rollout.groupSize 16:"
                        + " groups stay whole",
                complaint("train", "--config", config, "--run", run, "--set", "trainer.minibatchSize=8"));
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

    @ParameterizedTest
    @ValueSource(strings = {"train --run", "train --resume --run", "evaluate --run", "report", "compare nope://b/a"})
    void aRunFolderMayBeAnAddressIfHadoopKnowsItsFileSystem(String command) {
        String complaint = complaint((Object[]) (command + " nope://b/run").split(" "));
        assertTrue(
                complaint.matches("nope://b/\\S+: this file system cannot be reached"
                        + " \\(No FileSystem for scheme \"nope\"\\)"),
                complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --config s3a://b/c.yaml",
                "train --set model=s3a://b/m",
                "sft --config s3a://b/c.yaml --out o",
                "sft --config CONF --out s3a://b/o",
                "sft --config CONF --out o --set problems=s3a://b/p.jsonl",
                "sft --config CONF --out o --set model=s3a://b/m",
                "generate --model s3a://b/m --prompts GYM --out o",
                "generate --model builtin:tiny --prompts s3a://b/p --out o",
                "logprobs --model s3a://b/m --tokens GYM --out o",
                "logprobs --model builtin:tiny --tokens s3a://b/t --out o",
                "evaluate --model s3a://b/m --problems gym",
                "evaluate --model builtin:tiny --problems gym --samples-out s3a://b/s",
                "bench model --model s3a://b/m"
            })
    void anAddressWhereOnlyAPathOnThisMachineWorksIsRefusedByName(String line) throws IOException {
        addTokenizer();
        Path root = Path.of(System.getProperty("tramontane.root"));
        Path problem = Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n");
        Object[] words = Arrays.stream(line.split(" "))
                .map(word ->
                        word.equals("CONF") ? root.resolve("conf/tiny-sft.yaml").toString() : word)
                .map(word -> word.equals("GYM") ? problem.toString() : word)
                .toArray();
        String complaint = complaint(words);
        String address = line.replaceFirst(".*[ =](\\w+://\\S+).*", "$1");
        assertTrue(
                complaint.contains(
                        address + ": " + address.replaceFirst("//.*", "") + " is an address, allowed a path"),
                complaint);
        assertTrue(Files.notExists(Path.of("s3a:")) && Files.notExists(Path.of("hdfs:")));
    }

    @Test
    void aMasterThatCannotWorkIsRefusedBeforeAnythingIsMade() throws IOException {
        addTokenizer();
        Path run = folder.resolve("run");
        for (String master : List.of("sprak://h", "yarn", "local-cluster[2,1,1024]", "spark://127.0.0.1:1")) {
            String complaint = complaint("train", "--config", config, "--run", run, "--master", master);
            assertTrue(complaint.startsWith("master " + master + ": "), complaint);
        }
        assertTrue(Files.notExists(run));
        Path out = folder.resolve("S.jsonl");
        assertTrue(complaint("score", "--problems", "p", "--completions", "c", "--out", out, "--master", "foo")
                .startsWith("master foo: no such master"));
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
