package io.tramontane.cluster.run;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One completion that a person may want to read.
 *
 * @param step policy version when it was trained on or evaluated
 * @param phase where it comes from
 * @param problem what was asked
 * @param completion what the policy wrote
 * @param reward what the verifier said
 */
public record Sample(int step, Phase phase, Problem problem, Completion completion, RewardBreakdown reward) {

    /** Where a sample comes from: a training batch, or the held-out problems before and after training. */
    public enum Phase {
        TRAIN,
        BEFORE,
        AFTER;

        /** As in the file. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The line in samples/step-NNNNNN.jsonl; reward parts carry the names of metrics.jsonl, length is in tokens. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.put("phase", phase.word());
        row.put("problemId", problem.id());
        row.put("language", problem.language());
        row.put("level", problem.level());
        row.put("kind", problem.kind().name().toLowerCase(Locale.ROOT));
        row.put("statement", problem.statement());
        row.put("answer", problem.answer());
        row.put("completion", completion.text());
        row.put("reward", reward.reward().isPresent() ? reward.reward().getAsDouble() : null);
        row.put("rewardFormat", reward.format());
        row.put("rewardCorrectness", reward.correctness());
        row.put("rewardLength", reward.length());
        row.put("rewardLanguage", reward.language());
        if (!reward.extra().isEmpty()) row.put("rewardExtra", reward.extra());
        row.put("verdict", reward.verdict().name());
        row.put("reason", reward.reason());
        row.put("extracted", reward.extracted());
        row.put("evidence", reward.evidence().toMap());
        row.put("languages", reward.languages());
        row.put("oldestVersion", completion.oldestVersion());
        row.put("newestVersion", completion.newestVersion());
        row.put("finished", completion.finished());
        row.put("length", completion.length());
        return row;
    }
}
