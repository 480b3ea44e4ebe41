package io.tramontane.rewards;

import io.tramontane.data.Problem.Compare;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What the reference solutions of a problem say about one of its tests.
 *
 * @param voters solutions that were run on it; those that crashed or took too long are among them, those that we failed to
 *     run are not
 * @param passed solutions that printed what the test wants
 * @param agreeing the largest number of solutions that printed the same; when another output has as many as the stored one,
 *     the stored one counts
 * @param output what those printed; the stored output when they passed
 */
public record TestAgreement(int voters, int passed, int agreeing, String output) {
    /** Solutions that printed the same, in the sense in which a test is passed. */
    private record Camp(String output, List<TestRun> runs) {}

    /**
     * Counts votes.
     *
     * @param runs one for each solution
     */
    public static TestAgreement of(TestCase test, List<TestRun> runs) {
        int voters = 0;
        int passed = 0;
        List<Camp> camps = new ArrayList<>();
        for (TestRun run : runs) {
            if (run.verdict() == Verdict.UNSCORED) continue;
            voters++;
            if (run.passed()) passed++;
            else if (run.verdict() == Verdict.WRONG) join(camps, run, test.compare());
        }
        Camp largest = new Camp(test.stdout(), List.of());
        int agreeing = passed;
        for (Camp camp : camps) {
            if (camp.runs().size() <= agreeing) continue;
            largest = camp;
            agreeing = camp.runs().size();
        }
        return new TestAgreement(voters, passed, agreeing, largest.output());
    }

    private static void join(List<Camp> camps, TestRun run, Compare compare) {
        for (Camp camp : camps) {
            if (!OutputComparator.same(camp.output(), run.output(), compare)) continue;
            camp.runs().add(run);
            return;
        }
        camps.add(new Camp(run.output(), new ArrayList<>(List.of(run))));
    }

    /** Agreeing solutions as a share of the voters; 0 without voters. */
    public double share() {
        return voters == 0 ? 0 : (double) agreeing / voters;
    }

    /** True when the largest camp printed what the test wants. */
    public boolean confirms() {
        return passed > 0 && agreeing == passed;
    }
}
