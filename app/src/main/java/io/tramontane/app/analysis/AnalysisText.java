package io.tramontane.app.analysis;

import io.tramontane.cluster.evaluation.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A weight analysis as lines for a terminal. */
public final class AnalysisText {
    private final WeightAnalysis analysis;
    private final StringBuilder text = new StringBuilder();

    private AnalysisText(WeightAnalysis analysis) {
        this.analysis = analysis;
    }

    /** All of it. */
    public static String of(WeightAnalysis analysis) {
        AnalysisText text = new AnalysisText(analysis);
        text.checkpoints();
        if (analysis.last() != null) text.plane();
        return text.text.toString();
    }

    private void checkpoints() {
        PrincipalComponents components = analysis.components();
        line("%d checkpoints; share of their variance along each principal component:", analysis.steps().length);
        line("%8s%s", "step", row(components.count(), k -> String.format(Locale.ROOT, "%10s", "c" + (k + 1))));
        line(
                "%8s%s",
                "",
                row(components.count(), k -> number("%9.1f%%", 100 * components.shares()[k])));
        for (int i = 0; i < analysis.steps().length; i++) {
            int at = i;
            line(
                    "%8d%s",
                    analysis.steps()[i],
                    row(components.count(), k -> number("%10.4f", components.coordinates()[k][at])));
        }
    }

    private void plane() {
        table("reward", "%8.3f", PlanePoint::reward);
        table("length", "%8.1f", PlanePoint::lengthMean);
        table("truncated share", "%8.2f", PlanePoint::truncatedShare);
        PlanePoint last = analysis.last();
        line(
                "last checkpoint: reward %.3f (%.3f without the length penalty), %.1f tokens, %.1f %% correct",
                last.reward(), last.rewardWithoutLength(), last.lengthMean(), 100 * last.correctness());
        PlaneFit fit = new PlaneFit(analysis.points(), analysis.mostTruncated());
        line(
                "fitted: %d of %d points, those with a truncated share of at most %s",
                fit.points(), analysis.points().size(), analysis.mostTruncated());
        PlaneFit.LogLength log = fit.logLength();
        line(
                "reward without the length penalty = %s * ln(length) + %.3f, R^2 %.2f, from %.1f to %.1f tokens",
                interval(log.slope()), log.intercept(), log.rSquared(), log.from(), log.to());
        line(
                "reward per unit along the direction of growing length: %s",
                interval(fit.rewardAlongLength().first()));
        line("cosine of the gradients of length and reward: %.2f", fit.length().cosine(fit.reward()));
        line("correlation of reward and length: %s", interval(fit.correlation()));
    }

    /** One number over the plane: c1 to the right, c2 upwards. */
    private void table(String name, String format, Function<PlanePoint, Double> value) {
        Grid grid = analysis.grid();
        int columns = grid.a1().length;
        List<PlanePoint> points = analysis.points();
        line("%s; a1 to the right, a2 upwards, from the last checkpoint", name);
        for (int r = grid.a2().length - 1; r >= 0; r--) {
            int from = r * columns;
            line("%8.2f |%s", grid.a2()[r], row(columns, c -> number(format, value.apply(points.get(from + c)))));
        }
        line("%8s |%s", "", row(columns, c -> number("%8.2f", grid.a1()[c])));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String row(int count, Function<Integer, String> cell) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < count; i++) row.append(cell.apply(i));
        return row.toString();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String interval(Estimate estimate) {
        return String.format(Locale.ROOT, "%.3g [%.3g, %.3g]", estimate.value(), estimate.low(), estimate.high());
    }
}
