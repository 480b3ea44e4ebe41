package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.Numerics;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.Policy;
import io.tramontane.model.SequenceScorer;
import io.tramontane.model.TrainingPass;
import io.tramontane.model.WeightSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-probabilities from decoding, from scoring and from the training forward: the same numbers. */
class SameNumbersTest {
    private final Random random = new Random(3);

    /** Completions of unequal length after prompts of unequal length, in pieces of 140 tokens, sampled over five slots. */
    private List<CompletedRequest> sampled(WeightSnapshot weights, boolean batchInvariant) {
        RolloutConfig config = new RolloutConfig(2, 5, 3, 150, 24, 1.0, 1.0, batchInvariant, 140, Dtype.AUTO);
        int vocabulary = weights.config().vocabulary();
        try (Generator generator = new Generator(weights, new Ids(vocabulary, 5), config, 1)) {
            for (int length : new int[] {1, 33, 150}) {
                int[] prompt = random.ints(length, 0, vocabulary).toArray();
                Problem problem = Problem.math("p" + length, "en", "-", "-", Map.of());
                generator.submit(CompletionRequest.of(length, prompt).samples(2).build());
            }
            List<CompletedRequest> groups = new ArrayList<>();
            while (generator.live() > 0) groups.addAll(generator.step());
            for (CompletedRequest group : groups)
                for (Completion completion : group.completions()) {
                    int from = group.request().promptTokens().length;
                    float[] judged = generator.score(joined(group.request().promptTokens(), completion.tokens()), from);
                    compare(completion.behaviourLogprobs(), judged, batchInvariant);
                }
            return groups;
        }
    }

    private static int[] joined(int[] prompt, int[] completion) {
        int[] all = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, all, prompt.length, completion.length);
        return all;
    }

    private static void compare(float[] expected, float[] found, boolean bits) {
        if (bits) assertArrayEquals(expected, found);
        else assertArrayEquals(expected, found, 1e-4f);
    }

    /** The forward that the policy gradient is taken of. */
    private static float[] training(Policy policy, PackedSequences packed) {
        try (TrainingPass pass = policy.pass(packed, 1, Keep.ALL)) {
            pass.backward((from, to, logprobs, entropies, slope, entropySlope) -> {}, policy.vector());
            return pass.logprobs();
        }
    }

    private void check(String name, boolean bits) {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0);
        List<CompletedRequest> groups = sampled(weights, bits);
        List<PromptGroup> promptGroups = new ArrayList<>();
        try (Policy policy = new Policy(weights, bits ? Numerics.BATCH_INVARIANT : Numerics.FAST)) {
            List<Float> all = new ArrayList<>();
            for (CompletedRequest group : groups) {
                List<int[]> completions = new ArrayList<>();
                for (Completion completion : group.completions()) {
                    PromptGroup alone = new PromptGroup(group.request().promptTokens(), List.of(completion.tokens()));
                    float[] scored = policy.logprobs(PackedSequences.of(List.of(alone)), 1);
                    compare(completion.behaviourLogprobs(), scored, bits);
                    for (float logprob : completion.behaviourLogprobs()) all.add(logprob);
                    completions.add(completion.tokens());
                }
                promptGroups.add(new PromptGroup(group.request().promptTokens(), completions));
            }
            float[] sampled = new float[all.size()];
            for (int i = 0; i < sampled.length; i++) sampled[i] = all.get(i);
            assertEquals(3, promptGroups.size());
            compareScored(weights, policy, groups, bits);
            compare(sampled, policy.logprobs(PackedSequences.of(promptGroups), 1), bits);
            compare(sampled, training(policy, PackedSequences.of(promptGroups)), bits);
        }
    }

    /** Whole sequences in passes of 37 tokens, which cut some in pieces and put others together. */
    private static void compareScored(
            WeightSnapshot weights, Policy policy, List<CompletedRequest> groups, boolean bits) {
        List<int[]> sequences = new ArrayList<>();
        List<float[]> sampled = new ArrayList<>();
        for (CompletedRequest group : groups)
            for (Completion completion : group.completions()) {
                sequences.add(joined(group.request().promptTokens(), completion.tokens()));
                sampled.add(completion.behaviourLogprobs());
            }
        sequences.add(new int[] {1});
        try (SequenceScorer scorer =
                new SequenceScorer(weights, bits ? Numerics.BATCH_INVARIANT : Numerics.FAST, ComputeDevice.CPU, 37)) {
            List<float[]> scored = scorer.logprobs(sequences);
            for (int i = 0; i < sampled.size(); i++) {
                float[] all = scored.get(i);
                compare(sampled.get(i), Arrays.copyOfRange(all, all.length - sampled.get(i).length, all.length), bits);
                compare(policy.logprobs(PackedSequences.of(sequences.get(i), 1), 1), all, bits);
            }
            assertEquals(0, scored.get(sampled.size()).length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "llama3",
                "mistral",
                "qwen2",
                "qwen3",
                "smollm2",
                "mixtral",
                "ministral",
                "ministral3",
                "yarn",
                "longrope"
            })
    void fastNumericsAgreeToRounding(String name) {
        check(name, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "llama3",
                "mistral",
                "qwen2",
                "qwen3",
                "smollm2",
                "mixtral",
                "ministral",
                "ministral3",
                "yarn",
                "longrope"
            })
    void batchInvariantNumericsAgreeInEveryBit(String name) {
        check(name, true);
    }
}
