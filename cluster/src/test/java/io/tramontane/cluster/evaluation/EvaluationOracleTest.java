package io.tramontane.cluster.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The statistics against tools/evaluation_fixture.py, which writes down every subset of k samples and bootstraps with numpy.
 * Values are exact. The bounds of an interval are drawn: they must lie between percentiles of the oracle's resamples, four
 * standard deviations around the 2.5th and the 97.5th.
 */
class EvaluationOracleTest {
    @TestFactory
    Stream<DynamicTest> everyNumberIsTheOneOfTheDefinitions() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = EvaluationOracleTest.class.getResourceAsStream("/evaluation.json")) {
            for (JsonNode each : new ObjectMapper().readTree(in))
                tests.add(DynamicTest.dynamicTest(each.path("name").asText(), () -> check(each)));
        }
        assertEquals(8, tests.size());
        return tests.stream();
    }

    private static void check(JsonNode given) {
        List<EvaluatedProblem> problems = new ArrayList<>();
        for (JsonNode problem : given.path("problems")) problems.add(evaluated(problem));
        Evaluation whole = new Evaluation(problems);
        JsonNode expected = given.path("expected");
        compare("all", expected.path("all"), whole);
        whole.byLanguage().forEach((name, part) -> compare(name, expected.path("language/" + name), part));
        whole.bySource().forEach((name, part) -> compare(name, expected.path("source/" + name), part));
        assertEquals(
                expected.size(),
                1 + whole.byLanguage().size() + whole.bySource().size());
    }

    private static void compare(String name, JsonNode expected, Evaluation found) {
        assertEquals(expected.path("problems").intValue(), found.problems(), name);
        assertEquals(expected.path("unscored").intValue(), found.unscored(), name);
        assertEquals(expected.path("samples").intValue(), found.samples(), name);
        for (int k = 1; k <= found.samples(); k++) {
            compare(name + " pass@" + k, expected.path("pass").path(k - 1), found.passAt(k));
            compare(name + " maj@" + k, expected.path("majority").path(k - 1), found.majorityAt(k));
        }
        compare(name, expected.path("formatOk"), found.formatOk());
        compare(name, expected.path("languageConsistency"), found.languageConsistency());
        assertEquals(expected.path("lengthMean").doubleValue(), found.lengthMean(), 1e-9, name);
        assertEquals(expected.path("truncatedShare").doubleValue(), found.truncatedShare(), 1e-9, name);
    }

    /** The oracle's value and where the bounds may lie; null where there is nothing to average. */
    private static void compare(String name, JsonNode oracle, Estimate found) {
        if (oracle.isNull()) {
            assertEquals(Double.NaN, found.value(), name);
            return;
        }
        assertEquals(oracle.path(0).doubleValue(), found.value(), 1e-9, name);
        // numpy's resamples of problems that came out alike are all the same: there our interval is not the bootstrap's
        if (oracle.path(1).doubleValue() == oracle.path(4).doubleValue()) return;
        between(
                name + " low",
                oracle.path(1).doubleValue(),
                found.low(),
                oracle.path(2).doubleValue());
        between(
                name + " high",
                oracle.path(3).doubleValue(),
                found.high(),
                oracle.path(4).doubleValue());
    }

    private static void between(String name, double least, double found, double most) {
        assertTrue(found >= least - 1e-6 && found <= most + 1e-6, name + " " + found + " in " + least + " to " + most);
    }

    private static EvaluatedProblem evaluated(JsonNode given) {
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> verdicts = new ArrayList<>();
        for (JsonNode sample : given.path("samples")) {
            int length = sample.path("tokens").intValue();
            boolean finished = sample.path("finished").booleanValue();
            completions.add(new Completion(new int[length], new float[length], new int[length], finished, ""));
            verdicts.add(verdict(sample));
        }
        return new EvaluatedProblem(new Group(0, problem(given), new int[] {1}, completions), verdicts);
    }

    private static Problem problem(JsonNode given) {
        String id = given.path("id").asText();
        String language = given.path("language").asText();
        if (given.path("kind").asText().equals("math")) return Problem.math(id, language, "?", "7", Map.of());
        List<Problem.TestCase> tests = List.of(new Problem.TestCase("", "7"));
        return Problem.code(id, language, "?", Problem.CodeLanguage.PYTHON, tests, Map.of());
    }

    private static RewardBreakdown verdict(JsonNode sample) {
        Verdict verdict = Verdict.valueOf(sample.path("verdict").asText());
        return new RewardBreakdown(
                sample.path("format").booleanValue() ? 0.1 : 0,
                verdict == Verdict.CORRECT ? 0.9 : 0,
                0,
                sample.path("oneLanguage").booleanValue() ? 0.1 : 0,
                verdict,
                "",
                sample.path("answer").asText(),
                List.of(),
                0);
    }
}
