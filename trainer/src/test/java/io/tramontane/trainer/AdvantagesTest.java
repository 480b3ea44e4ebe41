package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.trainer.loss.AdvantageRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvantagesTest {
    @Test
    void oneWinnerInFourGetsAllThePositiveAdvantage() {
        // rewards 1,0,0,0: mean 0.25; deviations .75,-.25,-.25,-.25: population std sqrt(0.1875) = 0.4330
        double[][] found = Advantages.of(List.of(new double[] {1, 0, 0, 0}));
        assertArrayEquals(new double[] {1.7320, -0.5773, -0.5773, -0.5773}, found[0], 1e-4);
    }

    @Test
    void normalisationIsOverTheMinibatchNotTheGroup() {
        // deviations 1,-1 and .1,-.1: mean 0, variance (1 + 1 + .01 + .01) / 4 = 0.505, std 0.71063
        double[][] found = Advantages.of(List.of(new double[] {2, 0}, new double[] {0.2, 0}));
        assertArrayEquals(new double[] {1.4072, -1.4072}, found[0], 1e-4);
        assertArrayEquals(new double[] {0.14072, -0.14072}, found[1], 1e-5);
    }

    @Test
    void groupsOfUnequalSizeKeepTheirOwnMean() {
        // deviations 2/3,-1/3,-1/3 and .5,-.5: squares 6/9 + .5 = 1.16667, / 5 = 0.23333, std 0.48305
        double[][] found = Advantages.of(List.of(new double[] {1, 0, 0}, new double[] {1, 0}));
        assertArrayEquals(new double[] {1.38013, -0.69007, -0.69007}, found[0], 1e-4);
        assertArrayEquals(new double[] {1.03510, -1.03510}, found[1], 1e-4);
    }

    @Test
    void aGroupThatAgreesTeachesNothing() {
        assertArrayEquals(new double[] {0, 0, 0}, Advantages.of(List.of(new double[] {1, 1, 1}))[0], 1e-12);
    }

    @Test
    void aRewardAtTheMeanHasNoAdvantageAndNoSign() {
        // in doubles 0.2 - (0.1 + 0.2 + 0.3) / 3 is -2.8e-17
        double[] found = Advantages.of(List.of(new double[] {0.1, 0.2, 0.3}))[0];
        assertEquals(0.0, found[1], 0);
        assertArrayEquals(new double[] {-1.22474, 0, 1.22474}, found, 1e-4);
    }

    private static double[] one(AdvantageRule rule, double... rewards) {
        return Advantages.of(rule, List.of(rewards))[0];
    }

    @Test
    void groupMeanIsWhatIsLeftWithoutNormalising() {
        assertArrayEquals(new double[] {0.75, -0.25, -0.25, -0.25}, one(AdvantageRule.GROUP, 1, 0, 0, 0), 1e-12);
    }

    @Test
    void groupStdDividesByTheDeviationOfTheSample() {
        // squares .5625 + 3 * .0625 = .75, / 3 = .25, root .5: 1.5, -.5
        assertArrayEquals(new double[] {1.5, -0.5, -0.5, -0.5}, one(AdvantageRule.GROUP_STD, 1, 0, 0, 0), 1e-5);
    }

    @Test
    void batchKnowsNoGroups() {
        // 1, 0 and 1, 1: mean .75, deviation sqrt(3/4 * 1/4) = .433
        double[][] found = Advantages.of(AdvantageRule.BATCH, List.of(new double[] {1, 0}, new double[] {1, 1}));
        assertArrayEquals(new double[] {0.57735, -1.73205}, found[0], 1e-5);
        assertArrayEquals(new double[] {0.57735, 0.57735}, found[1], 1e-5);
    }

    @Test
    void leaveOneOutTakesTheMeanOfTheOthers() {
        // 1 - 0; 0 - 1/3
        assertArrayEquals(
                new double[] {1, -1.0 / 3, -1.0 / 3, -1.0 / 3}, one(AdvantageRule.LEAVE_ONE_OUT, 1, 0, 0, 0), 1e-12);
        assertArrayEquals(new double[] {0}, one(AdvantageRule.LEAVE_ONE_OUT, 1), 0);
    }

    @Test
    void maxRlGivesARareSuccessMore() {
        // (1 - .25) / .25 = 3; (0 - .25) / .25 = -1; with three of four (1 - .75) / .75 = 1/3
        assertArrayEquals(new double[] {3, -1, -1, -1}, one(AdvantageRule.MAXRL, 1, 0, 0, 0), 1e-4);
        assertArrayEquals(new double[] {1.0 / 3, 1.0 / 3, 1.0 / 3, -1}, one(AdvantageRule.MAXRL, 1, 1, 1, 0), 1e-5);
        assertArrayEquals(new double[] {0, 0}, one(AdvantageRule.MAXRL, -0.1, 0.1), 0); // a mean that is not positive
    }

    @Test
    void noneIsTheReward() {
        assertArrayEquals(new double[] {1, 0.1}, one(AdvantageRule.NONE, 1, 0.1), 0);
    }

    @Test
    void aGroupThatAgreesTeachesNothingUnderAnyRuleWithABaseline() {
        for (AdvantageRule rule : AdvantageRule.values())
            if (rule != AdvantageRule.AUTO && rule != AdvantageRule.NONE)
                assertArrayEquals(new double[] {0, 0, 0}, one(rule, 0.1, 0.1, 0.1), 0, rule.toString());
    }
}
