package io.tramontane.app.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.app.experiment.Claim.Expectation;
import io.tramontane.app.experiment.Claim.Side;
import io.tramontane.app.experiment.Claim.Verdict;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule that judges a finding. */
class ClaimTest {
    private static Claim claim(Expectation expect, double within) {
        return new Claim("a beats b", "eval.correctness", Side.of("a"), Side.of("b@start"), null, null, expect, within);
    }

    @ParameterizedTest
    @CsvSource({
        "HIGHER, 0.01, 0.05, AGREES",
        "HIGHER, -0.01, 0.05, NOT_RESOLVED",
        "HIGHER, -0.05, -0.01, DISAGREES",
        "LOWER, -0.05, -0.01, AGREES",
        "LOWER, -0.05, 0.01, NOT_RESOLVED",
        "LOWER, 0.01, 0.05, DISAGREES",
        "SAME, -0.02, 0.03, AGREES",
        "SAME, 0.01, 0.03, AGREES", // a difference that is real and too small to matter
        "SAME, -0.02, 0.05, NOT_RESOLVED",
        "SAME, 0.05, 0.08, DISAGREES",
        "SAME, -0.08, -0.05, DISAGREES",
    })
    void onlyAnIntervalOnOneSideDecides(Expectation expect, double low, double high, Verdict verdict) {
        Claim claim = claim(expect, expect == Expectation.SAME ? 0.04 : 0);
        assertEquals(verdict, claim.judge(new Difference((low + high) / 2, low, high, "3 seeds")));
    }

    @Test
    void withoutAnIntervalNothingIsDecided() {
        for (Expectation expect : Expectation.values())
            assertEquals(Verdict.NOT_RESOLVED, claim(expect, 1).judge(Difference.bare(5, "one seed")));
    }

    @Test
    void aMetricMayBeComparedWithANumber() {
        Claim zero = new Claim(
                "length pays", "check.plane.logLength.slope", Side.of("a"), null, 0.0, null, Expectation.HIGHER, 0);
        assertEquals("log length slope, plane, a", zero.sides());
        Claim half = new Claim("half", "eval.correctness", Side.of("a"), null, 0.5, null, Expectation.HIGHER, 0);
        assertEquals("correctness, a, minus 0.5", half.sides());
        assertEquals(
                "correctness, a minus b before training",
                claim(Expectation.HIGHER, 0).sides());
    }

    @Test
    void threeSeedsAreJudgedByStudent() {
        // mean 2, standard deviation 1: 2 +- 4.303 * 1 / sqrt(3) = 2 +- 2.484
        Difference difference = Difference.ofSeeds(new double[] {1, 2, 3});
        assertEquals(2, difference.value(), 1e-12);
        assertEquals(2 - 2.4843, difference.low(), 1e-3);
        assertEquals(2 + 2.4843, difference.high(), 1e-3);
    }

    @Test
    void twoSeedsHaveAWideInterval() {
        // mean 0.2, standard deviation 0.1 * sqrt(2): 12.706 * 0.1414 / sqrt(2) = 1.2706
        Difference difference = Difference.ofSeeds(new double[] {0.1, 0.3});
        assertEquals(0.2 - 1.2706, difference.low(), 1e-4);
    }

    @Test
    void aSideMayBeThePolicyBeforeTraining() {
        assertEquals(new Side("b", OptionalInt.of(0)), Side.of("b@start"));
        assertEquals("b before training", Side.of("b@start").toString());
        assertEquals(new Side("b", OptionalInt.empty()), Side.of("b"));
        assertEquals("b at step 20", Side.of("b@20").toString());
    }

    @Test
    void sharesAreToldInPoints() {
        Difference difference = new Difference(0.207, 0.172, 0.242, "3 seeds");
        assertEquals("+20.7 points [+17.2, +24.2] (3 seeds)", difference.text(Metric.of("eval.correctness")));
        assertEquals("+0.207 [+0.172, +0.242] (3 seeds)", difference.text(Metric.of("train.entropy")));
        assertEquals(
                "French correct, after",
                Metric.of("check.after.byLanguage.fr.pass@1").label());
        assertEquals("61.2 %", Metric.of("check.plane.explainedShare.c1").text(0.612));
        assertEquals("81.2 %", Metric.of("check.after.byLanguage.fr.pass@1").text(0.8123));
    }
}
