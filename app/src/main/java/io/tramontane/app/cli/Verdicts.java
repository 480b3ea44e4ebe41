package io.tramontane.app.cli;

import io.tramontane.cluster.evaluation.EvaluatedProblem;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.rewards.SameAnswers;
import io.tramontane.rewards.Verifiers;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges the completions of a problem outside of training. Safe for several threads.
 *
 * @param thoughts how the model marks its thoughts
 * @param freeForm also judges answers of models that do not think in marks
 */
record Verdicts(Verifiers verifiers, Thoughts thoughts, boolean freeForm) {
    /** Of a group of completions. */
    EvaluatedProblem of(Group group) {
        FreeForm form = new FreeForm(thoughts.tags());
        List<String> texts = group.completions().stream()
                .map(c -> thoughts.whole(c.text()))
                .map(text -> freeForm ? form.judged(text) : text)
                .toList();
        int[] tokens = group.completions().stream().mapToInt(Completion::length).toArray();
        List<int[]> marks = new ArrayList<>();
        group.completions().forEach(c -> marks.add(freeForm ? null : thoughts.wholeMarks(c.marks())));
        Verifiers.Written written = new Verifiers.Written(texts, tokens, marks);
        List<RewardBreakdown> verdicts = verifiers.score(group.problem(), group.id(), 0, written, () -> {});
        return new EvaluatedProblem(group, verdicts, SameAnswers.of(group.problem(), verdicts));
    }
}
