package io.tramontane.data.source;

import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether held-out problems are trained on. Two problems are the same when their statements are, apart from letter case
 * and white space; ids say nothing, since two files may both count from 1.
 *
 * @param evaluated held-out problems that were looked at
 * @param trained those of them that are training problems too
 * @param example the id of the first of these; empty where there is none
 */
public record ProblemOverlap(int evaluated, int trained, String example) {

    /**
     * Compares what a config trains on with the first problems that it evaluates. Empty where that cannot be known: training
     * problems that never end have no list to compare with, unless both sides are the gym, whose halves are disjoint by
     * construction.
     */
    public static Optional<ProblemOverlap> of(
            DataConfig config, ProblemSource training, ProblemSource evaluation, int evaluated) {
        int count = (int) Math.min(evaluated, evaluation.size().orElse(evaluated));
        if (config.train().equals("gym") && config.evaluation().equals("gym"))
            return Optional.of(new ProblemOverlap(count, 0, ""));
        if (training.size().isEmpty()) return Optional.empty();
        return Optional.of(count(training, evaluation, count));
    }

    private static ProblemOverlap count(ProblemSource training, ProblemSource evaluation, int evaluated) {
        Set<String> held = new HashSet<>();
        for (int i = 0; i < evaluated; i++) held.add(key(evaluation.get(i)));
        Set<String> seen = new HashSet<>();
        for (long i = 0; i < training.size().orElseThrow(); i++) {
            String key = key(training.get(i));
            if (held.contains(key)) seen.add(key);
        }
        int trained = 0;
        String example = "";
        for (int i = 0; i < evaluated; i++) {
            Problem problem = evaluation.get(i);
            if (!seen.contains(key(problem))) continue;
            if (trained++ == 0) example = problem.id();
        }
        return new ProblemOverlap(evaluated, trained, example);
    }

    private static String key(Problem problem) {
        return Normalizer.normalize(problem.statement(), Normalizer.Form.NFKC)
                .strip()
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
    }

    /** What the user is told; empty where nothing is wrong. */
    public Optional<String> warning() {
        if (trained == 0) return Optional.empty();
        return Optional.of(
                trained + " of " + evaluated + " evaluation problems are training problems too (the first is " + example
                        + "): what the evaluation measures is partly memory, data.evaluation should name other problems");
    }
}
