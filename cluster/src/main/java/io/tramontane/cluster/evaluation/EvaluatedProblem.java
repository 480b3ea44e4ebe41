package io.tramontane.cluster.evaluation;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The samples of a held-out problem and the verdicts on them. Aligned: {@code verdicts.get(i)} judges the group's completion i.
 * UNSCORED verdicts may be among them; the statistics leave those samples out.
 *
 * @param spellings by text of a wrong answer, the text under which all that are equal to it are counted; an answer that is
 *     not in it is counted under its own text
 */
public record EvaluatedProblem(Group group, List<RewardBreakdown> verdicts, Map<String, String> spellings) {
    /** Checks the alignment. */
    public EvaluatedProblem {
        verdicts = List.copyOf(verdicts);
        spellings = Map.copyOf(spellings);
        if (verdicts.size() != group.completions().size())
            throw new IllegalArgumentException("problem " + group.problem().id() + ": " + verdicts.size()
                    + " verdicts, " + group.completions().size() + " completions");
    }

    /** Wrong answers are told apart by their text. */
    public EvaluatedProblem(Group group, List<RewardBreakdown> verdicts) {
        this(group, verdicts, Map.of());
    }

    /** What was asked. */
    public Problem problem() {
        return group.problem();
    }

    /** The problem's "source", else its id up to the last slash ("gsm8k/test" of "gsm8k/test/17"), else "all". */
    public String source() {
        Problem problem = problem();
        if (problem.extra().get("source") instanceof String named && !named.isBlank()) return named;
        int slash = problem.id().lastIndexOf('/');
        return slash > 0 ? problem.id().substring(0, slash) : "all";
    }

    /** The verdicts that are not our own failure. */
    List<RewardBreakdown> scored() {
        return verdicts.stream().filter(v -> v.reward().isPresent()).toList();
    }

    /** The votes of the samples. */
    Majority votes() {
        return Majority.of(scored(), spellings);
    }

    /** The completions that these verdicts judge. */
    List<Completion> judged() {
        return IntStream.range(0, verdicts.size())
                .filter(i -> verdicts.get(i).reward().isPresent())
                .mapToObj(i -> group.completions().get(i))
                .toList();
    }
}
