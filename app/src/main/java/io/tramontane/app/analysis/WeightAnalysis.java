package io.tramontane.app.analysis;

import io.tramontane.cluster.evaluation.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result: where the checkpoints lie, and what was found on the plane.
 *
 * @param steps of the checkpoints, aligned with the components' coordinates
 * @param last the last checkpoint, evaluated like the points; null where none was evaluated
 * @param points of the grid, in its order; empty where none was evaluated
 * @param mostTruncated points with a larger truncated share are not fitted
 */
public record WeightAnalysis(
        int[] steps,
        PrincipalComponents components,
        Grid grid,
        PlanePoint last,
        List<PlanePoint> points,
        double mostTruncated) {
    /** For JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("checkpoints", checkpoints());
        map.put("explainedShare", shares());
        if (last == null) return map;
        Map<String, Object> plane = new LinkedHashMap<>();
        plane.put("a1", grid.a1());
        plane.put("a2", grid.a2());
        plane.put("points", points);
        plane.put("last", last);
        map.put("plane", plane);
        PlaneFit fit = new PlaneFit(points, mostTruncated);
        map.put("mostTruncated", mostTruncated);
        map.put("fittedPoints", fit.points());
        map.put("logLength", logLength(fit.logLength()));
        map.put("lengthGradient", gradient(fit.length()));
        map.put("rewardGradient", gradient(fit.reward()));
        map.put("gradientCosine", fit.length().cosine(fit.reward()));
        PlaneFit.Gradient turned = fit.rewardAlongLength();
        map.put("rewardAlongLength", node(turned.first()));
        map.put("rewardAcrossLength", node(turned.second()));
        map.put("correlation", node(fit.correlation()));
        return map;
    }

    private List<Map<String, Object>> checkpoints() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            int at = i;
            double[] place = Arrays.stream(components.coordinates())
                    .mapToDouble(c -> c[at])
                    .toArray();
            all.add(Map.of("step", steps[i], "coordinates", place));
        }
        return all;
    }

    private Map<String, Object> shares() {
        Map<String, Object> shares = new LinkedHashMap<>();
        for (int k = 0; k < components.count(); k++)
            shares.put("c" + (k + 1), components.shares()[k]);
        shares.put("plane", components.shares()[0] + components.shares()[1]);
        return shares;
    }

    private static Map<String, Object> logLength(PlaneFit.LogLength fit) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("slope", node(fit.slope()));
        map.put("intercept", fit.intercept());
        map.put("rSquared", fit.rSquared());
        map.put("from", fit.from());
        map.put("to", fit.to());
        return map;
    }

    private static Map<String, Object> gradient(PlaneFit.Gradient gradient) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("c1", node(gradient.first()));
        map.put("c2", node(gradient.second()));
        map.put("rSquared", gradient.rSquared());
        return map;
    }

    private static Map<String, Object> node(Estimate estimate) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("value", estimate.value());
        map.put("low", estimate.low());
        map.put("high", estimate.high());
        return map;
    }
}
