package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final OptionalInt NEWEST = OptionalInt.empty();

    @TempDir
    Path temp;

    private RunFolder run(String name, String config, double... correct) throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve(name));
        Files.writeString(folder.configYaml().local(), config);
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.eval(0));
            log.append(MetricRows.train(200));
            log.append(MetricRows.eval(200));
        }
        if (correct.length > 0) EvaluationLog.write(folder, 200, problems("c", correct));
        return folder;
    }

    private static List<Map<String, Object>> problems(String content, double... correct) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < correct.length; i++)
            rows.add(Map.of(
                    "problemId",
                    "p" + i,
                    "content",
                    content,
                    "correct",
                    correct[i],
                    "inOneLanguage",
                    1,
                    "length",
                    10 * i));
        return rows;
    }

    private static JsonNode json(Comparison comparison) throws IOException {
        return new ObjectMapper().readTree(comparison.json());
    }

    @Test
    void evaluationsAreComparedProblemByProblem() throws IOException {
        RunFolder a = run("a", "seed: 1\n", 1, 0, 0.5, 0);
        RunFolder b = run("b", "seed: 1\n", 1, 1, 0, 0, 1); // the fifth is not in a
        JsonNode difference = json(new Comparison(List.of(a, b), NEWEST)).at("/differences/0");
        assertEquals(4, difference.get("problems").intValue());
        assertTrue(difference.get("paired").booleanValue());
        // (0 + 1 - 0.5 + 0) / 4
        assertEquals(0.125, difference.at("/correctness/value").doubleValue(), 1e-12);
        assertTrue(difference.at("/correctness/low").doubleValue() < 0);
        assertTrue(difference.at("/correctness/high").doubleValue() > 0.125);
        assertEquals(1, difference.get("better").intValue());
        assertEquals(1, difference.get("worse").intValue());
        // every problem is in one language in both: z^2 / (4 + z^2) = 0.4899 may change
        assertEquals(0.4899, difference.at("/languageConsistency/high").doubleValue(), 1e-4);
    }

    @Test
    void problemsThatOnlyShareAnIdAreNotPaired() throws IOException {
        RunFolder a = run("a", "seed: 1\n", 1, 0);
        RunFolder b = run("b", "seed: 1\n");
        EvaluationLog.write(b, 200, problems("other", 0, 1));
        JsonNode difference = json(new Comparison(List.of(a, b), NEWEST)).at("/differences/0");
        assertFalse(difference.get("paired").booleanValue());
        assertEquals(0, difference.at("/correctness/value").doubleValue());
        assertTrue(difference.at("/correctness/low").doubleValue() < -0.4, "four problems say little");
    }

    @Test
    void onlyKeysThatDifferAreShown() throws IOException {
        RunFolder a =
                run("a", "seed: 1\nmodel: x\ntrainer: {steps: 10, loss: {clipHigh: 0.28}}\nrollout: {stop: [x, y]}\n");
        RunFolder b = run("b", "seed: 2\nmodel: y\ntrainer: {steps: 10}\nrollout: {stop: [x]}\n");
        assertEquals(
                Map.of(
                        "seed", List.of("1", "2"),
                        "model", List.of("x", "y"),
                        "trainer.loss.clipHigh", List.of("0.28", "–"),
                        "rollout.stop", List.of("[\"x\",\"y\"]", "[\"x\"]")),
                new Comparison(List.of(a, b), NEWEST).configDifference());
        assertTrue(new Comparison(List.of(a, a), NEWEST).lines().contains("The configurations are the same."));
    }

    @Test
    void anEvaluationOfANamedStepIsUsedAndAMissingOneReported() throws IOException {
        RunFolder a = run("a", "seed: 1\n");
        JsonNode json = json(new Comparison(List.of(a, a), OptionalInt.of(0)));
        assertEquals(0.375, json.at("/runs/0/correctness").doubleValue(), 1e-12);
        List<String> lines = new Comparison(List.of(a, a), OptionalInt.of(7)).lines();
        assertTrue(lines.get(3).endsWith(": no evaluation to compare"), lines.toString());
    }

    @Test
    void thePageHoldsTheCurvesAndNoMarkupOfTheRuns() throws IOException {
        RunFolder a = run("a", "seed: \"</script><img src=x>\"\n");
        RunFolder b = run("b", "seed: 1\n");
        Path page = temp.resolve("compare.html");
        new Comparison(List.of(a, b), NEWEST).write(page);
        String text = Files.readString(page);
        assertFalse(text.contains("<img"));
        assertTrue(text.contains("script-src 'sha256-"));
        assertFalse(text.contains("connect-src"));
        assertTrue(text.contains("\"entropy\":[0.5]"));
    }
}
