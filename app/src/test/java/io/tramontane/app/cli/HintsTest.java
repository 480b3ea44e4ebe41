package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is message to people who type nearly the right thing. */
class HintsTest {
    @TempDir
    Path folder;

    @Test
    void helpTrainIsTrainHelp() {
        assertEquals(
                CommandLineRun.of("train", "--help").out(),
                CommandLineRun.of("help", "train").out());
        assertEquals(
                CommandLineRun.of("bench", "model", "--help").out(),
                CommandLineRun.of("help", "bench", "model").out());
        assertEquals(
                CommandLineRun.of("--help").out(), CommandLineRun.of("help").out());
        assertEquals("unknown command 'trian', did you mean train?", complaint("help", "trian"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --steps 5|--set trainer.steps=5",
                "train --steps=5|--set trainer.steps=5",
                "train --trainer.steps 5|--set trainer.steps=5",
                "train trainer.steps=5|--set trainer.steps=5",
                "train --batch-size 64|--set trainer.batchSize=64",
                "train --learning_rate 1e-4|--set trainer.optimizer.learningRate=1e-4",
                "train --seed|--set seed=VALUE",
                "sft --config x --out y --steps 5|--set steps=5",
                "sft --config x --out y --batch-size 8|--set batchSize=8"
            })
    void aConfigValueAsAnOptionIsAnsweredWithSet(String line, String hint) {
        String message = complaint((Object[]) line.split(" "));
        assertTrue(message.startsWith("Unknown option") || message.startsWith("Unmatched argument"), message);
        assertTrue(message.contains("; a value of the config is set by " + hint + " (see "), message);
    }

    @Test
    void severalValuesOfOneNameAreAllNamed() {
        assertTrue(
                complaint("train", "--max-length", "9").contains("--set rewards.maxLength=9"),
                complaint("train", "--max-length", "9"));
        assertTrue(!complaint("train", "--nonsense", "9").contains("--set nonsense"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Seed: 1|1: unknown key Seed, did you mean seed? Capitals count",
                "Trainer: {steps: 5}|1: unknown key Trainer.steps, did you mean trainer.steps? Capitals count",
                "TRAINER: {}|1: unknown key TRAINER, did you mean trainer? Capitals count",
                "Data: gym|1: unknown key Data, did you mean data? Capitals count",
                "trainer: {Steps: 5}|1: unknown key trainer.Steps, did you mean trainer.steps? Capitals count",
                "nonsense: {}|1: unknown key nonsense, did you mean "
            })
    void aKeyWithOtherCapitalsIsNamed(String yaml, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml + "\n");
        String complaint = complaint("train", "--config", file);
        assertTrue(complaint.startsWith(file + ":" + message), complaint);
    }

    @Test
    void anEmptySectionAndAByteOrderMarkAreFine() throws IOException {
        Path file = Files.writeString(
                folder.resolve("c.yaml"), "\uFEFFtrainer: {}\nrewards: {lengthSchedule: {}, extra: {}}\nseed: 7\n");
        assertEquals(
                7,
                ConfigReader.read(Config.defaults(), Optional.of(file), List.of())
                        .seed());
    }

    @Test
    void theLongestLineIsAnOptionOfEveryCommand() throws IOException {
        Path problems = Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"" + "x".repeat(1 << 20)
                        + "\",\"answer\":\"2\"}\n");
        Path completions = Files.writeString(folder.resolve("C.jsonl"), "{}\n");
        try {
            assertEquals(
                    problems
                            + ":1: the line is longer than 1 MiB, allowed 1 MiB; --longest-line MEBIBYTES raises it to at most 1023",
                    complaint(
                            "score",
                            "--longest-line=1",
                            "--problems",
                            problems,
                            "--completions",
                            completions,
                            "--out",
                            folder.resolve("S.jsonl")));
        } finally {
            io.tramontane.data.LineLimit.set(256);
        }
        assertTrue(complaint("train", "--longest-line", "0").startsWith("--longest-line 0, allowed 1 to 1023"));
    }

    @Test
    void trainSaysHowOwnDataIsReadAndFromWhereTheEvaluationComes() throws IOException {
        Path data = Files.writeString(folder.resolve("own.jsonl"), "{\"question\":\"1+1?\",\"answer\":2}\n");
        CommandLineRun run = CommandLineRun.of("train", "--dry-run", "--set", "data.train=" + data);
        assertEquals(0, run.exit(), run.err());
        List<String> lines =
                run.out().lines().filter(line -> line.startsWith("# data.")).toList();
        assertEquals(2, lines.size(), run.out());
        assertTrue(lines.get(0)
                .startsWith("# data.train " + data + ": 1 problems (math; en); statement from \"question\""));
        assertEquals(
                "# data.evaluation gym: its held-out half; data.evaluation=FILE takes problems of your own",
                lines.get(1));
    }

    @Test
    void aPathThatJavaCannotNameIsOneLine() {
        String message =
                complaint("score", "--problems", "a\0b", "--completions", "c", "--out", folder.resolve("S.jsonl"));
        assertEquals("'a b' is no path here (Nul character not allowed)", message);
        assertEquals(
                "Invalid value for option '--config': " + message + " (see tramontane train --help)",
                complaint("train", "--config", "a\0b"));
        assertEquals(message, complaint("train", "--dry-run", "--set", "data.train=a\0b"));
    }

    @Test
    void aLossCurveFitsALine() {
        assertEquals("4.000 █▆▃▁ 1.000", Sparkline.of(List.of(4.0, 3.0, 2.0, 1.0)));
        assertEquals("1.000 ▁ 1.000", Sparkline.of(List.of(1.0)));
    }
}
