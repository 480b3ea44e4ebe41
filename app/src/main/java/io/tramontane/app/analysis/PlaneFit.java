package io.tramontane.app.analysis;

import io.tramontane.cluster.evaluation.Estimate;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.linear.SingularMatrixException;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * What points of the plane say together (paper section 7.1). Points with many truncated completions are left out, as the paper
 * fits lengths up to 8000 only: there the longest length decides, not the policy. Intervals are 95 %, over the points, taken
 * as independent.
 */
public final class PlaneFit {
    private static final double NORMAL = 1.959964;
    private static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN);

    private final List<PlanePoint> points;

    /** Of the points whose truncated share is at most {@code mostTruncated}. */
    public PlaneFit(List<PlanePoint> all, double mostTruncated) {
        this.points =
                all.stream().filter(p -> p.truncatedShare() <= mostTruncated).toList();
    }

    /** How many points are fitted. */
    public int points() {
        return points.size();
    }

    /**
     * Figure 9: {@code reward = slope * ln(length) + intercept}, of the reward without the length penalty.
     *
     * @param from shortest mean length that was fitted
     * @param to longest
     */
    public record LogLength(Estimate slope, double intercept, double rSquared, double from, double to) {}

    /** NaN with fewer than three points or one length. */
    public LogLength logLength() {
        SimpleRegression fit = new SimpleRegression();
        for (PlanePoint p : points) fit.addData(Math.log(p.lengthMean()), p.rewardWithoutLength());
        double half = points.size() < 3 ? Double.NaN : fit.getSlopeConfidenceInterval();
        double slope = fit.getSlope();
        return new LogLength(
                new Estimate(slope, slope - half, slope + half),
                fit.getIntercept(),
                fit.getRSquare(),
                points.stream().mapToDouble(PlanePoint::lengthMean).min().orElse(Double.NaN),
                points.stream().mapToDouble(PlanePoint::lengthMean).max().orElse(Double.NaN));
    }

    /** Pearson's correlation of reward and mean length, its interval by Fisher's z. NaN with fewer than four points. */
    public Estimate correlation() {
        if (points.size() < 4) return NONE;
        double r = new PearsonsCorrelation().correlation(column(PlanePoint::reward), column(PlanePoint::lengthMean));
        double z = Math.log((1 + r) / (1 - r)) / 2;
        double half = NORMAL / Math.sqrt(points.size() - 3);
        return new Estimate(r, Math.tanh(z - half), Math.tanh(z + half));
    }

    /**
     * A plane through a number: its slope along two directions at right angles.
     *
     * @param first per unit of distance in theta
     * @param second the same
     */
    public record Gradient(Estimate first, Estimate second, double rSquared) {
        /** Cosine of the angle to another one. */
        public double cosine(Gradient other) {
            double product = first.value() * other.first.value() + second.value() * other.second.value();
            return product / size() / other.size();
        }

        double size() {
            return Math.hypot(first.value(), second.value());
        }
    }

    /** Of mean length over a1 and a2. */
    public Gradient length() {
        return gradient(PlanePoint::lengthMean, 1, 0);
    }

    /** Of reward over a1 and a2. */
    public Gradient reward() {
        return gradient(PlanePoint::reward, 1, 0);
    }

    /** Of reward: the first slope is along the direction in which length grows fastest, the second at right angles to it. */
    public Gradient rewardAlongLength() {
        Gradient length = length();
        return gradient(
                PlanePoint::reward,
                length.first().value() / length.size(),
                length.second().value() / length.size());
    }

    /** Least squares over coordinates that are turned so that the first axis is (x, y). */
    private Gradient gradient(ToDoubleFunction<PlanePoint> number, double x, double y) {
        if (points.size() < 4 || !Double.isFinite(x)) return new Gradient(NONE, NONE, Double.NaN);
        OLSMultipleLinearRegression fit = new OLSMultipleLinearRegression();
        double[][] turned = points.stream()
                .map(p -> new double[] {x * p.a1() + y * p.a2(), x * p.a2() - y * p.a1()})
                .toArray(double[][]::new);
        fit.newSampleData(column(number), turned);
        double quantile = new TDistribution(points.size() - 3).inverseCumulativeProbability(0.975);
        try {
            double[] slopes = fit.estimateRegressionParameters();
            double[] errors = fit.estimateRegressionParametersStandardErrors();
            return new Gradient(
                    estimate(slopes[1], quantile * errors[1]),
                    estimate(slopes[2], quantile * errors[2]),
                    fit.calculateRSquared());
        } catch (SingularMatrixException e) { // all points on one line
            return new Gradient(NONE, NONE, Double.NaN);
        }
    }

    private static Estimate estimate(double value, double half) {
        return new Estimate(value, value - half, value + half);
    }

    private double[] column(ToDoubleFunction<PlanePoint> number) {
        return points.stream().mapToDouble(number).toArray();
    }
}
