package io.tramontane.trainer;

import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.util.List;

/**
 * A held-out problem and the verdicts on its samples. Aligned: {@code lengths.get(i)} is the number of tokens of the sample
 * that {@code verdicts.get(i)} judges. UNSCORED verdicts may be in it; the statistics leave them out.
 */
public record EvaluatedProblem(Problem problem, List<RewardBreakdown> verdicts, List<Integer> lengths) {
    /** Checks the alignment. */
    public EvaluatedProblem {
        verdicts = List.copyOf(verdicts);
        lengths = List.copyOf(lengths);
        if (verdicts.size() != lengths.size())
            throw new IllegalArgumentException(
                    "problem " + problem.id() + ": " + verdicts.size() + " verdicts, " + lengths.size() + " lengths");
    }

    /** The verdicts that are not our own failure. */
    List<RewardBreakdown> scored() {
        return verdicts.stream().filter(v -> v.reward().isPresent()).toList();
    }
}
