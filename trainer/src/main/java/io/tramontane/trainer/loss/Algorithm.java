package io.tramontane.trainer.loss;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The losses that come with the program, and what each takes where the config leaves it to the loss. */
enum Algorithm {
    MAGISTRAL("magistral", AdvantageRule.MINIBATCH, Aggregation.TOKEN_MEAN, new Clips(0.2, 0.28, 1, false)),
    DR_GRPO("dr-grpo", AdvantageRule.GROUP, Aggregation.CONSTANT_LENGTH, new Clips(0.2, 0.2, 1, false)),
    DAPO("dapo", AdvantageRule.GROUP_STD, Aggregation.TOKEN_MEAN, new Clips(0.2, 0.28, 1, false)),
    GSPO("gspo", AdvantageRule.GROUP_STD, Aggregation.SEQUENCE_MEAN, new Clips(3e-4, 4e-4, 1, false)),
    CISPO("cispo", AdvantageRule.GROUP_STD, Aggregation.TOKEN_MEAN, new Clips(1, 4, 1, true)),
    GMPO("gmpo", AdvantageRule.GROUP_STD, Aggregation.SEQUENCE_MEAN, new Clips(0.4, 0.4, 100, true)),
    SAPO("sapo", AdvantageRule.GROUP_STD, Aggregation.SEQUENCE_MEAN, null),
    DPPO_TV("dppo-tv", AdvantageRule.GROUP, Aggregation.CONSTANT_LENGTH, new Clips(0.15, 0.15, 1, true)),
    DECOUPLED_PPO("decoupled-ppo", AdvantageRule.MINIBATCH, Aggregation.TOKEN_MEAN, new Clips(0.2, 0.2, 1, false)),
    REINFORCE("reinforce++", AdvantageRule.BATCH, Aggregation.SEQUENCE_MEAN, new Clips(0.2, 0.2, 1, false));

    /**
     * A loss's own clip.
     *
     * @param low offset below
     * @param high offset above
     * @param lowEnd clipLow is below it, or, where closed, at most it
     * @param closed whether the end belongs to the range, and clipHigh may be below clipLow
     */
    record Clips(double low, double high, double lowEnd, boolean closed) {
        boolean allows(double clipLow) {
            return clipLow > 0 && (clipLow < lowEnd || closed && clipLow == lowEnd);
        }

        String range() {
            return "(0, " + (int) lowEnd + (closed ? "]" : ")");
        }
    }

    private final String word;
    final AdvantageRule advantage;
    final Aggregation aggregation;
    private final Clips clips;

    Algorithm(String word, AdvantageRule advantage, Aggregation aggregation, Clips clips) {
        this.word = word;
        this.advantage = advantage;
        this.aggregation = aggregation;
        this.clips = clips;
    }

    /** Empty for a loss without a clip. */
    Optional<Clips> clips() {
        return Optional.ofNullable(clips);
    }

    /** Empty for a word that may be the name of a class. */
    static Optional<Algorithm> of(String word) {
        return Arrays.stream(values()).filter(a -> a.word.equals(word)).findFirst();
    }

    /** All names. */
    static String words() {
        return Arrays.stream(values()).map(Algorithm::toString).collect(Collectors.joining(", "));
    }

    /** As in the config. */
    @Override
    public String toString() {
        return word;
    }
}
