package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.source.DataSets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All of HumanEval and MBPP for real: the reference is right; a function that returns nothing is not, on a quarter of MBPP. */
@Tag("heavy")
@Tag("alone")
class ReferenceSolutionsTest {
    private static CodeEnvironment environment;
    private static ExecutorService workers;

    @BeforeAll
    static void open() {
        SandboxForTests.open().close(); // skips without a sandbox
        environment = CodeEnvironment.open(RewardConfig.defaults());
        workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    }

    @AfterAll
    static void close() {
        if (workers != null) workers.shutdownNow();
        if (environment != null) environment.close();
    }

    @Test
    void everyReferenceOfHumanEvalIsCorrect() throws Exception {
        List<Problem> problems = DataSets.read(SharedData.path("humaneval/HumanEval.jsonl.gz"));
        assertEquals(Map.of(Verdict.CORRECT, 164), verdicts(problems, ReferenceSolutionsTest::reference));
    }

    @Test
    void everyReferenceOfMbppIsCorrect() throws Exception {
        List<Problem> problems = DataSets.read(SharedData.path("mbpp/mbpp.jsonl"));
        assertEquals(974, problems.size());
        problems = some(problems);
        assertEquals(Map.of(Verdict.CORRECT, problems.size()), verdicts(problems, ReferenceSolutionsTest::reference));
    }

    @Test
    void returningNothingNeverIs() throws Exception {
        List<Problem> problems = DataSets.read(SharedData.path("humaneval/HumanEval.jsonl.gz"));
        assertEquals(0, verdicts(problems, ReferenceSolutionsTest::nothing).getOrDefault(Verdict.CORRECT, 0));
        problems = some(DataSets.read(SharedData.path("mbpp/mbpp.jsonl")));
        assertEquals(0, verdicts(problems, ReferenceSolutionsTest::nothing).getOrDefault(Verdict.CORRECT, 0));
    }

    /** Every fourth; all of them with {@code -Pheavy}. */
    private static List<Problem> some(List<Problem> problems) {
        int apart = Boolean.getBoolean("tramontane.heavy") ? 1 : 4;
        return IntStream.range(0, problems.size())
                .filter(i -> i % apart == 0)
                .mapToObj(problems::get)
                .toList();
    }

    private static String reference(Problem problem) {
        return (String) problem.extra().get("solution");
    }

    private static String nothing(Problem problem) {
        return problem.testCode().entryPoints().stream()
                .map(name -> "def " + name + "(*args, **named): return None\n")
                .collect(Collectors.joining());
    }

    private static Map<Verdict, Integer> verdicts(List<Problem> problems, Function<Problem, String> answer)
            throws InterruptedException, ExecutionException {
        List<Future<VerifierOutcome>> judged = problems.stream()
                .map(problem -> workers.submit(() -> environment
                        .verifier()
                        .check(problem, TestDraw.of(problem, 20, 1, 1), "python", answer.apply(problem))))
                .toList();
        Map<Verdict, Integer> counts = new TreeMap<>();
        for (int i = 0; i < judged.size(); i++) {
            VerifierOutcome outcome = judged.get(i).get();
            counts.merge(outcome.verdict(), 1, Integer::sum);
            boolean expected = (outcome.verdict() == Verdict.CORRECT)
                    == (answer.apply(problems.get(i)) == reference(problems.get(i)));
            if (!expected) System.err.println(problems.get(i).id() + ": " + outcome);
        }
        return counts;
    }
}
