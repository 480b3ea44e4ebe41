package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The evaluation inside a run and {@code evaluate --run} afterwards: the same problems, completions, verdicts and numbers. They
 * are sampled here by 16 slots of one generator beside training, there by other slots of two generators.
 */
class SameEvaluationTest {
    private static final int PROBLEMS = 21;

    @TempDir
    Path folder;

    /** Records the evaluations of a run. */
    private static final class RecordingListener implements RunListener {
        final List<Map<String, Object>> rows = new CopyOnWriteArrayList<>();
        final List<Sample> samples = new CopyOnWriteArrayList<>();

        @Override
        public void eval(Map<String, Object> row) {
            rows.add(row);
        }

        @Override
        public void samples(List<Sample> some) {
            samples.addAll(some);
        }
    }

    private static Config config(String... evaluation) {
        List<String> sets = new ArrayList<>(List.of(
                "seed=5",
                "data.chat=tiny",
                "data.gym.families=[chain]",
                "data.gym.codeShare=0.1",
                "data.gym.codeLanguages=[python]",
                "data.gym.codeTopLevel=2",
                "rollout.groupSize=4",
                "rollout.slots=16",
                "rollout.maxPromptTokens=112",
                "rollout.maxTokens=64",
                "rewards.maxLength=64",
                "rewards.lengthCache=16",
                "rewards.tests=2",
                "trainer.batchSize=8",
                "trainer.minibatchSize=8",
                "trainer.microbatchTokens=1600",
                "trainer.steps=2",
                "trainer.optimizer.learningRate=1e-3",
                "evaluation.forced=false",
                "evaluation.problems=" + PROBLEMS));
        sets.addAll(List.of(evaluation));
        return ConfigReader.read(Config.defaults(), Optional.empty(), sets);
    }

    private RecordingListener trained(Config config) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), ConfigReader.print(config));
        RecordingListener listener = new RecordingListener();
        TrainRun.run(config, new RunFolder(folder), Optional.empty(), "local[*]", listener);
        return listener;
    }

    private JsonNode evaluated(Object... more) throws IOException {
        Path out = folder.resolve("numbers.json");
        List<Object> command = new ArrayList<>(List.of("evaluate", "--run", folder, "--out", out, "--threads", "2"));
        command.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(command.toArray());
        assertEquals(0, run.exit(), run.err());
        return new ObjectMapper().readTree(out.toFile());
    }

    private static void assertSame(RecordingListener listener, int step, JsonNode outside) {
        Map<String, Object> row = listener.rows.stream()
                .filter(r -> r.get("step").equals(step))
                .findFirst()
                .orElseThrow();
        assertEquals(row.get("problems"), outside.path("problems").intValue());
        assertEquals(row.get("samples"), outside.path("samples").intValue());
        JsonNode correctness = outside.path("pass@1");
        assertEquals(row.get("correctness"), correctness.path("value").doubleValue());
        assertEquals(row.get("correctnessLow"), correctness.path("low").doubleValue());
        assertEquals(row.get("correctnessHigh"), correctness.path("high").doubleValue());
        int k = outside.path("samples").intValue();
        assertEquals(
                row.get("passAtSamples"),
                outside.path("pass@" + k).path("value").doubleValue());
        assertEquals(row.get("majority"), outside.path("maj@" + k).path("value").doubleValue());
        assertEquals(row.get("lengthMean"), outside.path("lengthMean").doubleValue());
        assertEquals(row.get("truncatedShare"), outside.path("truncatedShare").doubleValue());
        for (String share : List.of("languageConsistency", "formatOk"))
            assertEquals(row.get(share), outside.path(share).path("value").doubleValue(), share);
        Map<String, Object> languages = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : outside.path("byLanguage").properties())
            languages.put(
                    each.getKey(), each.getValue().path("pass@1").path("value").doubleValue());
        assertEquals(row.get("byLanguage"), languages);
        int compared = 0;
        for (Sample inside : listener.samples) {
            if (inside.step() != step) continue;
            JsonNode problem = outside.path("perProblem").path(compared++);
            JsonNode first = problem.path("samples").path(0);
            assertEquals(inside.problem().id(), problem.path("id").textValue());
            assertEquals(inside.completion().length(), first.path("tokens").intValue());
            assertEquals(inside.reward().verdict().name(), first.path("verdict").textValue());
            assertEquals(inside.reward().extracted(), first.path("extracted").textValue());
        }
        assertEquals(PROBLEMS, compared);
    }

    @Test
    void sampledEvaluationsInsideAndOutsideARunAgreeProblemByProblem() throws IOException {
        RecordingListener listener =
                trained(config("evaluation.samples=2", "evaluation.temperature=0.7", "evaluation.topP=0.95"));
        JsonNode after = evaluated();
        assertSame(listener, 2, after);
        JsonNode before = evaluated("--model", "builtin:tiny");
        assertSame(listener, 0, before);
        assertTrue(!before.path("perProblem").equals(after.path("perProblem")), "two steps changed nothing");
    }
}
