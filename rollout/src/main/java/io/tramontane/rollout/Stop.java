package io.tramontane.rollout;

import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/**
 * When a completion ends.
 *
 * @param token true for tokens that end it
 * @param longest tokens that a request's completions may have
 */
public record Stop(IntPredicate token, ToIntFunction<CompletionRequest> longest) {
    /** At the tokens that the tokenizer or the model's config name, and at the config's length. */
    static Stop of(Tokenizer tokenizer, WeightSnapshot weights, RolloutConfig config) {
        int first = weights.config().endOfText();
        List<Integer> others = weights.config().variant().otherEnds();
        return new Stop(
                token -> tokenizer.ends(token) || token == first || others.contains(token),
                request -> request.longest(config.maxTokens()));
    }
}
