package io.tramontane.app.cli;

import io.tramontane.app.analysis.PlanePoint;
import io.tramontane.cluster.evaluation.EvaluatedProblem;
import io.tramontane.cluster.evaluation.Evaluation;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.model.WeightSnapshot;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Evaluates weights one after the other in this process: the same problems, the same random numbers, the same rewards.
 *
 * @param sampling of a model with the weights' shape and tokenizer
 * @param plan its prompts
 */
record WeightEvaluation(SamplingOptions sampling, SamplingPlan plan, Verdicts verdicts) {
    /** Of the point of the plane at which these weights lie. */
    PlanePoint at(double a1, double a2, WeightSnapshot weights) {
        Group[] groups = new Group[plan.requests().size()];
        sampling.run(plan, weights).run(plan.requests(), null, group -> groups[(int) group.id()] = group);
        List<EvaluatedProblem> judged =
                List.of(groups).parallelStream().map(verdicts::of).toList();
        Evaluation evaluation = new Evaluation(judged);
        return new PlanePoint(
                a1,
                a2,
                mean(judged, v -> v.reward().orElseThrow()),
                mean(judged, v -> v.reward().orElseThrow() - v.length()),
                evaluation.lengthMean(),
                evaluation.passAt(1).value(),
                evaluation.truncatedShare(),
                (int) scored(judged).count());
    }

    private static double mean(List<EvaluatedProblem> judged, ToDoubleFunction<RewardBreakdown> value) {
        return scored(judged).mapToDouble(value).average().orElse(Double.NaN);
    }

    private static Stream<RewardBreakdown> scored(List<EvaluatedProblem> judged) {
        return judged.stream().flatMap(p -> p.verdicts().stream()).filter(v -> v.reward()
                .isPresent());
    }
}
