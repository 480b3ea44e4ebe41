package io.tramontane.app.report;

import static io.tramontane.app.report.Metric.always;
import static io.tramontane.app.report.Metric.sometimes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names in metrics.jsonl, TensorBoard and the other writers, which people's scripts read, with their units and
 * meanings: documentation and Prometheus' help are made from this table. A row may hold more.
 */
public final class MetricNames {
    /** Before the name of a reward that the user added; only rows of runs with such rewards have them. */
    static final String EXTRA = "reward.";

    private static final Metric STEP =
            always("step", "steps", "The training step, from 1; the policy version after it.");
    private static final Metric TIME = sometimes("time", "", "When the row was written, ISO 8601 in UTC.");
    private static final Metric TOKENS =
            sometimes("tokens", "tokens", "Completion tokens trained on so far, over all resumes.");
    private static final Metric ELAPSED = sometimes(
            "elapsedSeconds",
            "seconds",
            "Wall clock of the run so far, evaluations included, summed over all resumes.");

    /** One row a step, kind "train". Rewards are means over kept and dropped groups, so that dropping does not look like progress. */
    public static final List<Metric> TRAIN = List.of(
            STEP,
            always("policyVersion", "versions", "The policy version after the step."),
            always("reward", "reward", "Mean reward of a completion, all parts together."),
            always("rewardFormat", "reward", "The part for the format: rewards.weights.format when the gate passed."),
            always(
                    "rewardCorrectness",
                    "reward",
                    "The part for the answer: rewards.weights.correctness when it is right."),
            always("rewardLength", "reward", "The length penalty, 0 to -rewards.weights.length."),
            always("rewardLanguage", "reward", "The part for one language throughout: rewards.weights.language."),
            sometimes("reward.<name>", "reward", "A reward of the user's own, times its weight."),
            sometimes("rewardP10", "reward", "One in ten completions has at most this reward."),
            sometimes("rewardP50", "reward", "The median reward."),
            sometimes("rewardP90", "reward", "One in ten completions has more than this reward."),
            always(
                    "languageUndecided",
                    "share",
                    "Problems, thoughts and answers that are too short for the language classifier."),
            always("lengthMean", "tokens", "Mean length of a completion."),
            sometimes("lengthP10", "tokens", "One in ten completions is at most this long."),
            sometimes("lengthP50", "tokens", "The median length."),
            sometimes("lengthP90", "tokens", "One in ten completions is longer than this."),
            always("truncatedShare", "share", "Completions that were cut at the longest length."),
            always("maxLength", "tokens", "The length from which the length penalty is full, at this step."),
            sometimes("stage", "", "The stage of the schedule that this step belongs to, from 1."),
            sometimes("groups", "groups", "How many groups the means of this row are over."),
            sometimes("completions", "completions", "How many completions the means of this row are over."),
            sometimes("verdicts", "completions", "How many completions got each verdict, by its name."),
            always("unscoredShare", "share", "Completions that could not be judged: our own failure, should be 0."),
            always(
                    "objective",
                    "",
                    "The J that an update raises, before it: the clipped ratios times the normalised advantages, per token, mean"
                            + " over the step's minibatches."),
            always("entropy", "nats", "Of the next-token distribution, mean over trained tokens, before the update."),
            always("clipLowShare", "share", "Trained tokens whose ratio was held by the lower bound."),
            always("clipHighShare", "share", "Trained tokens whose ratio was held by the upper bound."),
            always(
                    "mismatchKl",
                    "nats",
                    "Generator against trainer under the same policy version: over the trained tokens when maxLag is 0,"
                            + " else over a canary sequence."),
            sometimes(
                    "behaviourKl",
                    "nats",
                    "Trainer against the versions that sampled the tokens; grows with the lag, by design."),
            sometimes(
                    "correctionMaskedShare",
                    "share",
                    "Trained tokens that the correction left out; with a correction that masks."),
            sometimes(
                    "correctionBoundShare",
                    "share",
                    "Trained tokens whose correction was held by a bound; with truncated importance sampling."),
            sometimes(
                    "referenceKl",
                    "nats",
                    "Estimated KL to the reference policy, mean over trained tokens; where there is one."),
            always("lagMean", "versions", "Mean lag of a trained token."),
            always("lagMax", "versions", "Largest lag of a trained token."),
            always("multiVersionShare", "share", "Trained completions whose weights changed in flight."),
            always("zeroSignalShare", "share", "Groups dropped because all their rewards are equal."),
            always("gradNorm", "norm", "Of the gradient before clipping, of the last minibatch."),
            always("learningRate", "rate", "Of this step."),
            sometimes("completionTokens", "tokens", "Completion tokens that the step trained on."),
            always("tokensPerSecond", "tokens/s", "Completion tokens of the step by its seconds."),
            always("generatorIdle", "share", "Of the step, the time that generators waited."),
            always("trainerIdle", "share", "Of the step, the time that the trainer waited."),
            always("verifierIdle", "share", "Of the step, the time that verifiers waited."),
            always("weightSyncSeconds", "seconds", "To hand new weights to a generator, mean since the last step."),
            always("seconds", "seconds", "From one step to the next."),
            TOKENS,
            ELAPSED,
            TIME);

    /** One row an evaluation, kind "eval": held-out problems, greedy unless the config says otherwise. */
    public static final List<Metric> EVAL = List.of(
            STEP,
            always("problems", "problems", "Held-out problems with a verdict."),
            sometimes("samples", "completions", "Completions per problem."),
            always("correctness", "share", "pass@1: the probability that a completion is right."),
            sometimes("correctnessLow", "share", "Lower end of its 95 % interval; null for one problem."),
            sometimes("correctnessHigh", "share", "Upper end of its 95 % interval."),
            sometimes("passAtSamples", "share", "Problems of which at least one of the samples is right."),
            sometimes("majority", "share", "Problems whose most frequent answer is right."),
            always("languageConsistency", "share", "Completions in one language throughout."),
            always("formatOk", "share", "Completions that passed the format gate."),
            sometimes("truncatedShare", "share", "Completions that were cut at the longest length."),
            always("lengthMean", "tokens", "Mean length of a completion."),
            sometimes("unscored", "completions", "Completions that could not be judged."),
            always("byLanguage", "share", "correctness by language of the problem."),
            always("byLevel", "share", "correctness by level, where the problems have one."),
            always("languageByLanguage", "share", "languageConsistency by language of the problem."),
            sometimes("forced", "", "The same numbers with the opening of a detailed thought forced, at step 0."),
            TOKENS,
            ELAPSED,
            TIME);

    /** One row each time that the run starts or resumes, kind "start". */
    public static final List<Metric> START = List.of(
            always("step", "steps", "The last step that was made before: 0 for a new run."),
            always("version", "", "Version of Tramontane."),
            sometimes("commit", "", "Its git commit, where it is known."),
            always("host", "", "The machine that the driver runs on."),
            always("mismatchExpected", "nats", "The largest mismatchKl that rounding in the run's dtypes explains."),
            sometimes("evaluationInTraining", "problems", "Evaluation problems that are training problems too."),
            ELAPSED,
            TIME);

    /** One row for each restart, stage or failure, kind "event". */
    public static final List<Metric> EVENT = List.of(
            always("step", "steps", "The last step that was made before; of a stage its first step."),
            always(
                    "event",
                    "",
                    "restart: the trainer continued from a checkpoint; stage: another stage of the schedule began; failure: the"
                            + " run ended with an error."),
            always("detail", "", "One sentence."),
            ELAPSED,
            TIME);

    /** The last row, kind "end". */
    public static final List<Metric> END = List.of(
            always("ledger", "groups", "Number of groups by outcome."),
            sometimes("spilledGroups", "", "Groups in flight that are kept for --resume, see rollout.spill."),
            sometimes("spilledTokens", "tokens", "Tokens of their completions."),
            sometimes("continuedGroups", "", "Groups that an earlier process had kept and this one went on with."),
            sometimes("continuedTokens", "tokens", "Tokens that these had already."),
            always("trainSeconds", "seconds", "Wall clock of training, without evaluations."),
            always("reason", "", "Why the run ended; begins with \"failed: \" where it failed."),
            TOKENS,
            ELAPSED,
            TIME);

    private static final Map<String, List<Metric>> KINDS = kinds();

    private MetricNames() {}

    /** Every kind of row with its names, in the order in which they are documented. */
    public static Map<String, List<Metric>> byKind() {
        return KINDS;
    }

    private static Map<String, List<Metric>> kinds() {
        Map<String, List<Metric>> kinds = new LinkedHashMap<>();
        kinds.put("start", START);
        kinds.put("train", TRAIN);
        kinds.put("eval", EVAL);
        kinds.put("event", EVENT);
        kinds.put("end", END);
        return Collections.unmodifiableMap(kinds);
    }

    /** What a name of a kind means; a part such as {@code byLanguage/fr} is found under its first name. */
    static Optional<Metric> find(String kind, String name) {
        String first = name.startsWith(EXTRA) ? "reward.<name>" : name.split("/")[0];
        return KINDS.getOrDefault(kind, List.of()).stream()
                .filter(metric -> metric.name().equals(first))
                .findFirst();
    }

    /** Refuses a row that lacks a name; a value may be null where nothing was measured. */
    static void check(Map<String, Object> row) {
        Object kind = row.get("kind");
        List<Metric> metrics = KINDS.get(String.valueOf(kind));
        if (metrics == null)
            throw new IllegalArgumentException(
                    "metrics row kind " + kind + ", allowed " + String.join(", ", KINDS.keySet()));
        for (Metric metric : metrics) {
            if (metric.always() && !row.containsKey(metric.name()))
                throw new IllegalArgumentException(
                        "metrics row of kind " + kind + " lacks " + metric.name() + ": " + row);
        }
    }
}
