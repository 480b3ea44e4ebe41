package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.Policy;
import io.tramontane.model.VectorRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SftPackingTest {
    private static final int[] PROMPT = {1, 2, 3};
    private static final int[] ANSWER = {4, 5, 6, 7, 8};

    private static SftSequence sequence(int[] completion, boolean... learned) {
        return new SftSequence(new PromptGroup(PROMPT, List.of(completion)), learned);
    }

    private static Policy policy() {
        return new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, TinyGroups.theta(TinyGroups.SHAPE, 3)));
    }

    /** Of passes one after the other. */
    private static float[] gradient(Policy policy, long tokens, List<List<SftSequence>> passes) {
        FlatVector gradient = policy.vector();
        for (List<SftSequence> pass : passes) LikelihoodGradient.addTo(gradient, policy, Keep.ALL, pass, tokens);
        return gradient.read(new VectorRange(0, gradient.length()));
    }

    private static float[] gradient(Policy policy, SftSequence sequence) {
        return gradient(policy, 5, List.of(List.of(sequence)));
    }

    @Test
    void aTokenThatIsNotLearnedHasNoGradientAtAll() {
        try (Policy policy = policy()) {
            float[] none = gradient(policy, sequence(ANSWER, false, false, false, false, false));
            assertArrayEquals(new float[none.length], none);
        }
    }

    @Test
    void twoLearnedTurnsGiveTheSumOfTheirGradients() {
        try (Policy policy = policy()) {
            float[] first = gradient(policy, sequence(ANSWER, true, true, false, false, false));
            float[] second = gradient(policy, sequence(ANSWER, false, false, false, true, true));
            float[] both = gradient(policy, sequence(ANSWER, true, true, false, true, true));
            for (int i = 0; i < both.length; i++) assertEquals(first[i] + second[i], both[i], 1e-6, "number " + i);
        }
    }

    @Test
    void theLossIsTheMeanOverLearnedTokens() {
        try (Policy policy = policy()) {
            float[] logprobs =
                    policy.logprobs(PackedSequences.of(List.of(new PromptGroup(PROMPT, List.of(ANSWER)))), 1);
            double likelihood = LikelihoodGradient.addTo(
                    policy.vector(), policy, Keep.ALL, List.of(sequence(ANSWER, true, false, true, false, false)), 2);
            assertEquals((double) logprobs[0] + logprobs[2], likelihood, 1e-6);
        }
    }

    @Test
    void howABatchIsPackedDoesNotChangeItsGradient() {
        List<SftSequence> batch = new ArrayList<>();
        for (int length = 1; length <= 5; length++) {
            boolean[] learned = new boolean[length];
            Arrays.fill(learned, true);
            batch.add(sequence(Arrays.copyOf(ANSWER, length), learned));
        }
        try (Policy policy = policy()) {
            float[] alone = gradient(policy, 15, batch.stream().map(List::of).toList());
            float[] packed = gradient(policy, 15, Packing.pack(batch, 20));
            for (int i = 0; i < alone.length; i++) assertEquals(alone[i], packed[i], 1e-6, "number " + i);
        }
    }

    @Test
    void passesHoldAtMostTheBudgetAndThreadsShareTheTokens() {
        List<SftSequence> batch = new ArrayList<>();
        for (int i = 0; i < 8; i++) batch.add(sequence(ANSWER, true, true, true, true, true)); // 8 tokens each
        List<List<List<SftSequence>>> shares = Sft.deal(batch, 2, 16);
        assertEquals(List.of(2, 2), shares.stream().map(List::size).toList());
        for (List<List<SftSequence>> share : shares) for (List<SftSequence> pass : share) assertEquals(2, pass.size());
        assertEquals(8, Packing.pack(batch, 1).size()); // an example above the budget has a pass of its own
    }

    @Test
    void theLearnedTokensMustBeAligned() {
        assertEquals(
                "learned 1 of 5 tokens, 1 completions",
                assertThrows(IllegalArgumentException.class, () -> sequence(ANSWER, true))
                        .getMessage());
    }
}
