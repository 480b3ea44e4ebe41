package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** generate and evaluate with a policy whose weights are all zero: every token has probability 1 / V. */
class SamplingCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path model;
    private int vocabulary;

    @BeforeEach
    void aPolicyWithZeroWeights() throws IOException {
        Path tokenizerFolder = Files.createDirectory(folder.resolve("tokenizer"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.write(tokenizerFolder.resolve(name), HuggingFaceTokenizer.tinyFile(name));
        model = folder.resolve("model");
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.tiny()) {
            vocabulary = tokenizer.vocabularySize();
            PolicyConfig shape =
                    new PolicyConfig(1, 8, 2, 1, 4, 16, vocabulary, 128, 10000, 1e-5, true, tokenizer.endOfText());
            Checkpoint.write(model, new WeightSnapshot(shape, 0), tokenizerFolder.resolve("tokenizer.json"));
        }
    }

    @Test
    void generateWritesTokensAndLogprobsInTheOrderOfThePrompts() throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("F.jsonl"),
                "{\"prompt\":\"One\"}\n{\"id\":\"second\",\"prompt\":\"Two\"}\n{\"prompt\":\"Three\"}\n");
        List<JsonNode> lines = generate(prompts, "--samples", "3", "--max-tokens", "5", "--threads", "2");
        assertEquals(
                List.of("1", "1", "1", "second", "second", "second", "3", "3", "3"),
                lines.stream().map(l -> l.path("problemId").asText()).toList());
        for (JsonNode line : lines) {
            int count = line.path("tokenCount").asInt();
            assertTrue(count >= 1 && count <= 5);
            assertEquals(count, line.path("tokens").size());
            for (String kind : List.of("logprobs", "processedLogprobs")) {
                assertEquals(count, line.path(kind).size());
                for (JsonNode logprob : line.path(kind)) assertEquals(-Math.log(vocabulary), logprob.asDouble(), 1e-4);
            }
        }
        assertEquals(lines, generate(prompts, "--samples", "3", "--max-tokens", "5", "--threads", "1"));
    }

    @Test
    void generateRefusesWhatDoesNotFit() throws IOException {
        Path prompts = Files.writeString(folder.resolve("F.jsonl"), "{\"prompt\":\"One\"}\n{\"prompt\":7}\n");
        Path out = folder.resolve("G.jsonl");
        assertEquals(
                prompts + ":2: field \"prompt\" must be a string with something in it",
                complaint("generate", "--model", model, "--prompts", prompts, "--out", out));
        Path good = Files.writeString(folder.resolve("good.jsonl"), "{\"prompt\":\"One\"}\n");
        String tooLong =
                complaint("generate", "--model", model, "--prompts", good, "--out", out, "--max-tokens", "128");
        assertTrue(tooLong.contains("--max-tokens 128, allowed <= "), tooLong);
        assertEquals(
                "--temperature -1.0, allowed >= 0",
                complaint("generate", "--model", model, "--prompts", good, "--out", out, "--temperature", "-1"));
        assertTrue(Files.notExists(out));
    }

    @Test
    void aModelThatIsLargerThanAnyMachineIsRefusedBeforeItsWeightsAreLookedFor() throws IOException {
        Path config = model.resolve("config.json");
        Files.delete(model.resolve("model.safetensors"));
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceAll("\"hidden_size\" : \\d+", "\"hidden_size\" : 262144")
                        .replaceAll("\"intermediate_size\" : \\d+", "\"intermediate_size\" : 1048576"));
        Path in = Files.writeString(folder.resolve("in.jsonl"), "{\"prompt\":\"One\",\"tokens\":[5]}\n");
        Path out = folder.resolve("out.jsonl");
        for (Object[] command : new Object[][] {
            {"generate", "--model", model, "--prompts", in, "--out", out},
            {"evaluate", "--model", model, "--problems", "gym", "--count", "2", "--out", out},
            {"logprobs", "--model", model, "--tokens", in, "--out", out},
            {"bench", "model", "--model", model, "--out", out}
        }) {
            String complaint = complaint(command);
            assertTrue(complaint.startsWith("model of 824,915,787,776 parameters: weights of "), complaint);
            assertTrue(Files.notExists(out));
        }
    }

    @Test
    void evaluateOfZeroWeightsIsZeroWithEveryLanguageInTheTable() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "evaluate", "--model", model, "--problems", "gym", "--count", "14", "--max-tokens", "8");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().startsWith("14 problems, 1 sample each (greedy)"), run.out());
        assertTrue(run.out().contains("pass@1                    0.0 %  [0.0, 21.5]"), run.out());
        assertTrue(run.out().contains("Most samples fail the format gate: 14 times \"does not start with <think>\"."));
        for (String language : List.of("en", "fr", "es", "it", "de", "zh", "ru"))
            assertTrue(run.out().contains("\n" + language + " "), run.out());
        CommandLineRun json = CommandLineRun.of(
                "evaluate",
                "--model",
                model,
                "--problems",
                "gym",
                "--count",
                "7",
                "--samples",
                "2",
                "--max-tokens",
                "8",
                "--json");
        JsonNode numbers = JSON.readTree(json.out());
        assertEquals(7, numbers.path("problems").asInt());
        // all alike: Wilson's upper end for 0 of 7 is 3.84 / (7 + 3.84)
        assertEquals(0.354, numbers.path("maj@2").path("high").asDouble(), 1e-3);
        assertEquals(7, numbers.path("byLanguage").size());
    }

    @Test
    void anEvaluationThatWasKilledContinuesToTheSameNumbers() throws IOException {
        Path kept = folder.resolve("samples.jsonl");
        Object[] command = {
            "evaluate",
            "--model",
            model,
            "--problems",
            "gym",
            "--count",
            "6",
            "--samples",
            "2",
            "--max-tokens",
            "8",
            "--threads",
            "1",
            "--json",
            "--samples-out",
            kept
        };
        CommandLineRun whole = CommandLineRun.of(command);
        assertEquals(0, whole.exit(), whole.err());
        List<String> lines = Files.readAllLines(kept);
        assertEquals(7, lines.size());
        // killed while the fourth problem was being written; the second one is marked, to see that it is not sampled
        // again
        String marked = lines.get(2).replaceFirst("\"text\":\"[^\"]*\"", "\"text\":\"kept\"");
        String half = lines.get(4).substring(0, lines.get(4).length() / 2);
        Files.writeString(kept, lines.get(0) + "\n" + lines.get(1) + "\n" + marked + "\n" + lines.get(3) + "\n" + half);
        Files.write(kept, new byte[] {(byte) 0xc3}, StandardOpenOption.APPEND); // half of an "é"
        CommandLineRun resumed = CommandLineRun.of(command);
        assertEquals(0, resumed.exit(), resumed.err());
        assertEquals(whole.out(), resumed.out());
        assertTrue(resumed.err().startsWith("3 of 6 problems were sampled by an earlier run\n"), resumed.err());
        List<String> after = Files.readAllLines(kept);
        assertEquals(7, after.size());
        assertEquals(marked, after.get(2));
        assertEquals(java.util.Set.copyOf(lines.subList(4, 7)), java.util.Set.copyOf(after.subList(4, 7)));
    }

    @Test
    void wrongAnswersOfOneValueOutvoteTheRightOne() throws IOException {
        Path problem = Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n");
        Path kept = folder.resolve("samples.jsonl");
        Object[] command = {
            "evaluate",
            "--model",
            model,
            "--problems",
            problem,
            "--samples",
            "3",
            "--max-tokens",
            "8",
            "--json",
            "--samples-out",
            kept
        };
        CommandLineRun first = CommandLineRun.of(command);
        assertEquals(0, first.exit(), first.err());
        // the sampled text is random: it is replaced by known answers
        String words = Files.readString(kept).replaceAll(",\"marks\":\\[[0-9,]*]", ""); // found by their spelling then
        for (String answer :
                List.of("2", "0.5", "\\\\\\\\frac12")) // a replacement and JSON take two backslashes for one
        words = words.replaceFirst(
                "\"text\":\"(?!<think>Well)(?:[^\"\\\\]|\\\\.)*\"",
                "\"text\":\"<think>Well</think>\\\\\\\\boxed{" + answer + "}\"");
        Files.writeString(kept, words);
        CommandLineRun run = CommandLineRun.of(command);
        assertEquals(0, run.exit(), run.err());
        JsonNode numbers = JSON.readTree(run.out());
        assertEquals(1 / 3.0, numbers.path("pass@1").path("value").doubleValue(), 1e-12);
        // one right, two of one value: by text they would be three answers with one vote each, and 2 would win a tie in
        // a third of the cases
        assertEquals(0, numbers.path("maj@3").path("value").doubleValue());
    }

    @Test
    void samplesOfAnotherEvaluationAreRefused() throws IOException {
        Path kept = folder.resolve("samples.jsonl");
        Files.writeString(kept, "{\"evaluation\":\"something else\"}\n");
        String complaint = complaint(
                "evaluate",
                "--model",
                model,
                "--problems",
                "gym",
                "--count",
                "2",
                "--max-tokens",
                "8",
                "--samples-out",
                kept);
        assertTrue(complaint.startsWith(kept + ": holds samples of another evaluation (something else"), complaint);
    }

    private Object[] kept(Path kept, String date) {
        return new Object[] {
            "evaluate",
            "--model",
            model,
            "--problems",
            "gym",
            "--count",
            "2",
            "--max-tokens",
            "4",
            "--json",
            "--chat",
            "model-plain",
            "--date",
            date,
            "--samples-out",
            kept
        };
    }

    @Test
    void samplesAreReusedOnAnotherDayOnlyIfThePromptsAreTheSame() throws IOException {
        Path kept = folder.resolve("samples.jsonl");
        Path template = model.resolve("chat_template.jinja");
        Files.writeString(template, "{{ messages[0].content }}");
        assertEquals(0, CommandLineRun.of(kept(kept, "2026-01-31")).exit());
        CommandLineRun next = CommandLineRun.of(kept(kept, "2026-02-01"));
        assertTrue(next.err().startsWith("2 of 2 problems were sampled by an earlier run\n"), next.err());
        assertEquals("--date 1.2.2026, allowed today, or like 2026-01-31", complaint(kept(kept, "1.2.2026")));

        Files.delete(kept);
        Files.writeString(template, "{{ messages[0].content }} {{ strftime_now('%d') }}");
        assertEquals(0, CommandLineRun.of(kept(kept, "2026-01-31")).exit());
        String refused = complaint(kept(kept, "2026-02-01"));
        assertTrue(refused.startsWith(kept + ": holds samples of another evaluation (samples 1, "), refused);
        CommandLineRun same = CommandLineRun.of(kept(kept, "2026-01-31"));
        assertTrue(same.err().startsWith("2 of 2 problems were sampled by an earlier run\n"), same.err());
    }

    @Test
    void samplesAreNotReusedIfEndsOrNumericsDiffer() throws IOException {
        Path kept = folder.resolve("samples.jsonl");
        Files.writeString(model.resolve("chat_template.jinja"), "{{ messages[0].content }}");
        assertEquals(0, CommandLineRun.of(kept(kept, "today")).exit());
        Path ends = Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\":[1,7]}");
        String refused = complaint(kept(kept, "today"));
        assertTrue(refused.startsWith(kept + ": holds samples of another evaluation (samples 1, "), refused);
        Files.delete(ends);
        assertEquals(0, CommandLineRun.of(kept(kept, "today")).exit());
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("10000.0", "20000.0"));
        refused = complaint(kept(kept, "today"));
        assertTrue(refused.startsWith(kept + ": holds samples of another evaluation (samples 1, "), refused);
    }

    @Test
    void aFileThatHoldsNoSamplesKeepsEveryByte() throws IOException {
        Path kept = folder.resolve("thesis.txt");
        for (String text : List.of("no line break", "{\"evil\":1}", "{\"tokens\":[5]}\n{\"tok")) {
            Files.writeString(kept, text);
            assertEquals(
                    "--samples-out " + kept
                            + ": holds no samples of an evaluation, allowed a file that does, an empty one or a new one",
                    complaint(
                            "evaluate", "--model", model, "--problems", "gym", "--count", "2", "--samples-out", kept));
            assertEquals(text, Files.readString(kept));
        }
        Files.writeString(kept, "{\"evalu"); // killed while the first line was being written
        CommandLineRun run = CommandLineRun.of(
                "evaluate",
                "--model",
                model,
                "--problems",
                "gym",
                "--count",
                "2",
                "--max-tokens",
                "4",
                "--samples-out",
                kept);
        assertEquals(0, run.exit(), run.err());
        assertEquals(3, Files.readAllLines(kept).size());
    }

    @Test
    void samplesThatAnotherProcessIsWritingAreRefused() throws IOException {
        Path kept = folder.resolve("samples.jsonl");
        try (FileChannel other = FileChannel.open(kept, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = other.lock()) {
            assertTrue(lock.isValid());
            Object[] command = {
                "evaluate", "--model", model, "--problems", "gym", "--count", "2", "--max-tokens", "8", "--samples-out"
            };
            Object[] all = Arrays.copyOf(command, command.length + 1);
            all[command.length] = kept;
            assertEquals(kept + ": another evaluation is writing it", complaint(all));
        }
    }

    @Test
    void evaluateRefusesWhatCannotMeanAnything() {
        assertEquals(
                "Missing required option: '--model=DIR'", complaint("evaluate", "--problems", "gym", "--count", "2"));
        assertEquals(
                "Missing required option: '--problems=FILE' (or --run DIR)", complaint("evaluate", "--model", model));
        assertEquals(
                "--samples 4 at --temperature 0 are all the same",
                complaint("evaluate", "--model", model, "--problems", "gym", "--samples", "4", "--temperature", "0"));
        assertEquals(
                "run folder " + model + " holds no run: " + model.resolve("config.yaml") + " is missing",
                complaint("evaluate", "--run", model));
    }

    @Test
    void logprobsOfZeroWeightsAreUniformAndOneFewerThanTokens() throws IOException {
        Path tokens =
                Files.writeString(folder.resolve("T.jsonl"), "{\"id\":\"a\",\"tokens\":[5,6,7]}\n{\"tokens\":[5]}\n");
        Path out = folder.resolve("L.jsonl");
        CommandLineRun run = CommandLineRun.of("logprobs", "--model", model, "--tokens", tokens, "--out", out);
        assertEquals(0, run.exit(), run.err());
        JsonNode first = JSON.readTree(Files.readAllLines(out).get(0));
        assertEquals("a", first.path("id").asText());
        assertEquals(2, first.path("logprobs").size());
        for (JsonNode logprob : first.path("logprobs")) assertEquals(-Math.log(vocabulary), logprob.asDouble(), 1e-4);
        assertEquals(
                0,
                JSON.readTree(Files.readAllLines(out).get(1)).path("logprobs").size());
        Files.writeString(tokens, "{\"tokens\":[5,999999]}\n");
        assertEquals(
                tokens + ":1: token 999999, allowed 0 to " + (vocabulary - 1),
                complaint("logprobs", "--model", model, "--tokens", tokens, "--out", out));
    }

    private List<JsonNode> generate(Path prompts, String... more) throws IOException {
        Path out = folder.resolve("G.jsonl");
        List<Object> args = new ArrayList<>(List.of("generate", "--model", model, "--prompts", prompts, "--out", out));
        args.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(args.toArray());
        assertEquals(0, run.exit(), run.err());
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out)) lines.add(JSON.readTree(line));
        return lines;
    }
}
