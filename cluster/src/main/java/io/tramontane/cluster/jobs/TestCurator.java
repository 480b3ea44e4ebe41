package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.jobs.ReferenceSolutions.Solution;
import io.tramontane.data.JsonLines;
import io.tramontane.data.JsonReading;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.ProblemJson;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.ProgramRuns;
import io.tramontane.rewards.TestAgreement;
import io.tramontane.rewards.TestRules;
import io.tramontane.rewards.TestRules.Decision;
import io.tramontane.rewards.TestRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after the tests of one problem: every reference solution runs on every test, and {@link TestRules} decide. A solution
 * that prints nothing acceptable on any test (another version of the language, a missing library) has no vote.
 */
final class TestCurator {
    /** In a line of the result: the problem as it goes on, null when it is dropped; and what the report says. */
    static final String PROBLEM = "problem";

    static final String ENTRY = "entry";

    private static final ObjectMapper JSON = JsonReading.mapper();

    private final Problem problem;
    private final TestRules rules;
    private final List<TestCase> good = new ArrayList<>();
    private final ObjectNode entry = JSON.createObjectNode();
    private final ArrayNode dropped = JSON.createArrayNode();
    private final ArrayNode rewritten = JSON.createArrayNode();
    private int unjudged;

    private TestCurator(Problem problem, TestRules rules) {
        this.problem = problem;
        this.rules = rules;
    }

    /** One line of JSON, of {@link #PROBLEM} and {@link #ENTRY}. */
    static String line(Problem problem, ProgramRuns programs, TestRules rules) {
        return new TestCurator(problem, rules).line(programs);
    }

    private String line(ProgramRuns programs) {
        entry.put("id", problem.id());
        if (problem.kind() != Kind.CODE) return end("untouched", "not a code problem", problem);
        if (problem.testCode() != null) return end("untouched", "its tests are code", problem);
        ReferenceSolutions solutions = ReferenceSolutions.of(problem);
        entry.put("solutions", solutions.given());
        entry.put("tests", problem.tests().size());
        if (solutions.runnable().isEmpty())
            return end(
                    "dropped",
                    solutions.given() == 0 ? "no reference solution" : "no reference solution in Python or C++",
                    null);
        List<List<TestRun>> runs = new ArrayList<>();
        for (Solution solution : solutions.runnable()) {
            List<TestRun> made = programs.run(solution.language(), solution.source(), problem.tests());
            if (made.stream().anyMatch(TestCurator::isVote)) runs.add(made);
        }
        entry.put("voters", runs.size());
        if (runs.isEmpty()) return end("dropped", "no reference solution runs", null);
        for (int test = 0; test < problem.tests().size(); test++) judge(test, runs);
        return end();
    }

    /** It ended well, or it was our fault that it did not. */
    private static boolean isVote(TestRun run) {
        return run.passed() || run.verdict() == Verdict.WRONG || run.verdict() == Verdict.UNSCORED;
    }

    private void judge(int number, List<List<TestRun>> runs) {
        TestCase test = problem.tests().get(number);
        TestAgreement votes = TestAgreement.of(
                test, runs.stream().map(made -> made.get(number)).toList());
        Decision decision = rules.decide(votes);
        switch (decision.action()) {
            case KEEP -> good.add(test);
            case UNJUDGED -> {
                good.add(test);
                unjudged++;
            }
            case DROP -> dropped.addObject().put("test", number).put("why", decision.why());
            case REWRITE -> {
                good.add(new TestCase(test.stdin(), votes.output(), test.compare()));
                rewritten
                        .addObject()
                        .put("test", number)
                        .put("why", decision.why())
                        .put("from", test.stdout())
                        .put("to", votes.output());
            }
        }
    }

    private String end() {
        entry.put("testsKept", good.size() - rewritten.size());
        entry.set("rewritten", rewritten);
        entry.set("dropped", dropped);
        if (unjudged > 0) entry.put("unjudged", unjudged);
        if (good.size() < rules.tests())
            return end("dropped", good.size() + " good tests, needed " + rules.tests(), null);
        if (dropped.isEmpty() && rewritten.isEmpty()) return end("kept", "every test is confirmed", problem);
        Problem changed = Problem.code(
                problem.id(), problem.language(), problem.statement(), problem.codeLanguage(), good, problem.extra());
        return end("changed", rewritten.size() + " tests rewritten, " + dropped.size() + " dropped", changed);
    }

    private String end(String outcome, String why, Problem goesOn) {
        entry.put("outcome", outcome).put("why", why);
        ObjectNode line = JSON.createObjectNode();
        if (goesOn == null) line.putNull(PROBLEM);
        else line.set(PROBLEM, JsonLines.parse(ProblemJson.write(goesOn), goesOn.id()));
        line.set(ENTRY, entry);
        return line.toString();
    }
}
