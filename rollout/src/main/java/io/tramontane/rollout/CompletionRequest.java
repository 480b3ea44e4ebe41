package io.tramontane.rollout;

import io.tramontane.model.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A request for completions of one prompt. {@link #of} begins one; what is not said is as the generator's config says.
 *
 * @param id names the request and, without a seed of its own, keys its random numbers
 * @param promptTokens [P] at least one token
 * @param openingTokens forced start of every completion, usually empty: the policy does not choose them, see {@link
 *     io.tramontane.data.Completion#chosen}
 * @param samples number of completions
 * @param greedy take the most likely token instead of sampling
 * @param sampling temperature and what is cut; null for the generator's
 * @param stopStrings texts at which a completion ends; they are not part of its text
 * @param stopTokens tokens at which it ends, beside those of the model
 * @param maxTokens longest completion, in tokens; 0 is as long as the generator's config allows
 * @param seed keys the random numbers in place of the generator's seed and the id; the same seed, prompt and weights give the same
 *     completions
 * @param logprobs whether the listener gets each token's log-probability
 * @param topLogprobs how many of the most likely tokens it gets too, at most {@link #MOST_TOP_LOGPROBS}
 * @param listener of the tokens; null for none
 * @param mask makes the mask of each completion; null where all tokens are allowed
 */
public record CompletionRequest(
        long id,
        int[] promptTokens,
        int[] openingTokens,
        int samples,
        boolean greedy,
        SamplingParameters sampling,
        List<String> stopStrings,
        Set<Integer> stopTokens,
        int maxTokens,
        OptionalLong seed,
        boolean logprobs,
        int topLogprobs,
        TokenListener listener,
        Supplier<TokenMask> mask) {
    /** Most alternatives of a token that can be asked for. */
    public static final int MOST_TOP_LOGPROBS = 20;

    /** Checks that there is something to do. */
    public CompletionRequest {
        if (promptTokens.length == 0) throw new IllegalArgumentException("group " + id + ": prompt has no tokens");
        if (samples < 1) throw new IllegalArgumentException("group " + id + ": samples " + samples + ", allowed >= 1");
        if (maxTokens < 0)
            throw new IllegalArgumentException("group " + id + ": maxTokens " + maxTokens + ", allowed >= 0");
        if (topLogprobs < 0 || topLogprobs > MOST_TOP_LOGPROBS)
            throw new IllegalArgumentException(
                    "group " + id + ": topLogprobs " + topLogprobs + ", allowed 0 to " + MOST_TOP_LOGPROBS);
        stopStrings = List.copyOf(stopStrings);
        if (stopStrings.contains("")) throw new IllegalArgumentException("group " + id + ": a stop string is empty");
        stopTokens = Set.copyOf(stopTokens);
    }

    /** Begins a request for one completion. */
    public static Builder of(long id, int[] promptTokens) {
        return new Builder(id, promptTokens);
    }

    /** Tokens that its completions may have in a generator that is laid out for so many. */
    int longest(int most) {
        return maxTokens == 0 ? most : maxTokens;
    }

    /** Tokens that stand before the first sampled one. */
    int[] context() {
        int[] all = Arrays.copyOf(promptTokens, promptTokens.length + openingTokens.length);
        System.arraycopy(openingTokens, 0, all, promptTokens.length, openingTokens.length);
        return all;
    }

    /** The context without its last token: those whose keys and values are computed before the first decoding step. */
    int[] beforeTheFirstDecoded() {
        int[] context = context();
        return Arrays.copyOf(context, context.length - 1);
    }

    /** Random number of a token; see {@link Uniforms}. */
    float uniform(long generatorSeed, int completion, int position) {
        return seed.isPresent()
                ? Uniforms.at(seed.getAsLong(), 0, completion, position)
                : Uniforms.at(generatorSeed, id, completion, position);
    }

    /** Collects what a request says. */
    public static final class Builder {
        private final long id;
        private final int[] promptTokens;
        private int[] openingTokens = {};
        private int samples = 1;
        private boolean greedy;
        private SamplingParameters sampling;
        private List<String> stopStrings = List.of();
        private Set<Integer> stopTokens = Set.of();
        private int maxTokens;
        private OptionalLong seed = OptionalLong.empty();
        private boolean logprobs;
        private int topLogprobs;
        private TokenListener listener;
        private Supplier<TokenMask> mask;

        private Builder(long id, int[] promptTokens) {
            this.id = id;
            this.promptTokens = promptTokens;
        }

        /** Forced start of every completion. */
        public Builder opening(int... tokens) {
            openingTokens = tokens;
            return this;
        }

        /** Number of completions, 1 if not said. */
        public Builder samples(int count) {
            samples = count;
            return this;
        }

        /** The most likely token is taken. */
        public Builder greedy(boolean is) {
            greedy = is;
            return this;
        }

        /** Temperature and what is cut. */
        public Builder sampling(SamplingParameters parameters) {
            sampling = parameters;
            return this;
        }

        /** Texts that end a completion. */
        public Builder stopStrings(List<String> texts) {
            stopStrings = texts;
            return this;
        }

        /** Tokens that end a completion, beside the model's. */
        public Builder stopTokens(Set<Integer> tokens) {
            stopTokens = tokens;
            return this;
        }

        /** Longest completion in tokens, 0 for the generator's. */
        public Builder maxTokens(int tokens) {
            maxTokens = tokens;
            return this;
        }

        /** Keys the random numbers. */
        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        /** The listener gets each token's log-probability, and those of the {@code top} most likely ones. */
        public Builder logprobs(int top) {
            logprobs = true;
            topLogprobs = top;
            return this;
        }

        /** Is told of the tokens. */
        public Builder listener(TokenListener of) {
            listener = of;
            return this;
        }

        /** Which tokens are allowed. */
        public Builder mask(Supplier<TokenMask> maker) {
            mask = maker;
            return this;
        }

        /** The request; what does not fit together is an IllegalArgumentException. */
        public CompletionRequest build() {
            return new CompletionRequest(
                    id,
                    promptTokens,
                    openingTokens,
                    samples,
                    greedy,
                    sampling,
                    stopStrings,
                    stopTokens,
                    maxTokens,
                    seed,
                    logprobs,
                    topLogprobs,
                    listener,
                    mask);
        }
    }
}
