package io.tramontane.app.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.evaluation.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fits over the plane, with numbers worked by hand. */
class PlaneFitTest {
    private static PlanePoint point(double a1, double a2, double reward, double length) {
        return new PlanePoint(a1, a2, reward, reward, length, 0, 0, 1);
    }

    @Test
    void rewardOverTheLogarithmOfLength() {
        // ln(length) 0, 1, 2, 3; reward 0, 2, 2, 4: slope 1.2, intercept 0.2, residuals -.2 .6 -.6 .2
        // standard error sqrt(0.8 / 2 / 5) = 0.28284, Student's t of 2 degrees 4.30265; R^2 = 7.2 / 8
        PlaneFit fit = new PlaneFit(
                List.of(
                        point(0, 0, 0, 1),
                        point(0, 0, 2, Math.E),
                        point(0, 0, 2, Math.exp(2)),
                        point(0, 0, 4, Math.exp(3)),
                        new PlanePoint(0, 0, 0, 0, 1000, 0, 0.2, 1)),
                0.1);
        PlaneFit.LogLength log = fit.logLength();
        assertEquals(4, fit.points(), "the truncated one is left out");
        assertEquals(1.2, log.slope().value(), 1e-9);
        assertEquals(1.2 - 4.30265 * 0.282843, log.slope().low(), 1e-5);
        assertEquals(0.2, log.intercept(), 1e-9);
        assertEquals(0.9, log.rSquared(), 1e-9);
        assertEquals(Math.exp(3), log.to(), 1e-9);
    }

    // length = 10 + 3 a1 + 4 a2; reward = 1 + 4 a1 - 3 a2, with residuals +.5 -.5 -.5 +.5
    private static final PlaneFit SQUARE = new PlaneFit(
            List.of(point(0, 0, 1.5, 10), point(1, 0, 4.5, 13), point(0, 1, -2.5, 14), point(1, 1, 2.5, 17)), 0);

    @Test
    void aPlaneThroughFourPoints() {
        assertEquals(3, SQUARE.length().first().value(), 1e-9);
        assertEquals(4, SQUARE.length().second().value(), 1e-9);
        assertEquals(1, SQUARE.length().rSquared(), 1e-9);
        PlaneFit.Gradient reward = SQUARE.reward();
        assertEquals(4, reward.first().value(), 1e-9);
        assertEquals(-3, reward.second().value(), 1e-9);
        // sum of squared residuals 1, one degree of freedom, sum (a1 - 1/2)^2 = 1: standard error 1, t 12.7062
        assertEquals(4 - 12.7062, reward.first().low(), 1e-3);
        assertEquals(4 + 12.7062, reward.first().high(), 1e-3);
        assertEquals(0, SQUARE.length().cosine(reward), 1e-9);
    }

    @Test
    void rewardAlongTheDirectionOfGrowingLength() {
        // the direction is (0.6, 0.8): 0.6 * 4 - 0.8 * 3 = 0, and across, (-0.8, 0.6): -3.2 - 1.8 = -5
        PlaneFit.Gradient along = SQUARE.rewardAlongLength();
        assertEquals(0, along.first().value(), 1e-9);
        assertEquals(-5, along.second().value(), 1e-9);
        assertEquals(12.7062, along.first().high(), 1e-3);
    }

    @Test
    void theCorrelationHasFishersInterval() {
        // lengths 1 2 3 4, rewards 1 3 2 4: r = 4 / 5; z = ln(9) / 2 = 1.0986 +- 1.96 / sqrt(1)
        Estimate r = new PlaneFit(
                        List.of(point(0, 0, 1, 1), point(0, 0, 3, 2), point(0, 0, 2, 3), point(0, 0, 4, 4)), 0)
                .correlation();
        assertEquals(0.8, r.value(), 1e-9);
        assertEquals(Math.tanh(1.098612 - 1.959964), r.low(), 1e-5);
        assertEquals(Math.tanh(1.098612 + 1.959964), r.high(), 1e-5);
    }

    @Test
    void tooFewPointsOrAllOnALineHaveNoNumbers() {
        PlaneFit two = new PlaneFit(List.of(point(0, 0, 1, 1), point(1, 0, 3, 2)), 0);
        assertTrue(Double.isNaN(two.logLength().slope().low()));
        assertTrue(Double.isNaN(two.correlation().value()));
        PlaneFit line =
                new PlaneFit(List.of(point(0, 0, 1, 1), point(1, 0, 3, 2), point(2, 0, 3, 2), point(3, 0, 3, 2)), 0);
        assertTrue(Double.isNaN(line.length().first().value()));
        assertTrue(Double.isNaN(line.rewardAlongLength().first().value()));
    }
}
