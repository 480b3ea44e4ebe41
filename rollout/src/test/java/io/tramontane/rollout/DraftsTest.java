package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With guesses the same is sampled as without, bit for bit where numerics are batch invariant. */
class DraftsTest {
    private static final int VOCABULARY = 19;
    private static final int LONGEST = 60;
    private static final int GUESSES = 7;

    /** "Giulia ha 24 mele. Dopo ne perde 10. Quante mele ha Giulia adesso?" in tokens of the tiny policy. */
    private static final int[] GIULIA = {
        836, 454, 789, 791, 512, 785, 283, 525, 543, 788, 787, 785, 325, 512, 453, 296, 340, 802, 260
    };

    /** A policy with repetitions: its logits are far apart, its vocabulary is small. */
    private static WeightSnapshot weights(int version) {
        PolicyConfig shape = new PolicyConfig(2, 16, 4, 2, 8, 24, VOCABULARY, 128, 10000, 1e-5, true, 0);
        Random random = new Random(5);
        WeightSnapshot weights = new WeightSnapshot(shape, version);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((float) ((tensor.shape().length == 1 ? 1 : 0) + 0.7 * random.nextGaussian()));
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    /** Every token is a letter and a dash. */
    private record Letters(int vocabularySize, int endOfText) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return new int[0];
        }

        @Override
        public String decode(int[] tokens) {
            return IntStream.of(tokens).mapToObj(id -> (char) ('a' + id) + "-").collect(Collectors.joining());
        }

        @Override
        public void close() {}
    }

    /** Everything that is told of some requests. */
    private record Told(
            List<CompletedRequest> done,
            List<String> tokens,
            List<SampledLogprobs> logprobs,
            long drafted,
            long accepted) {
        static Told of(
                WeightSnapshot weights, int end, RolloutConfig config, List<CompletionRequest.Builder> requests) {
            List<String> tokens = new ArrayList<>();
            List<SampledLogprobs> logprobs = new ArrayList<>();
            List<CompletedRequest> done = new ArrayList<>();
            Tokenizer letters = new Letters(weights.config().vocabulary(), end);
            try (Generator generator = new Generator(weights, letters, config, 42)) {
                generator.listen(logprobs::add);
                for (CompletionRequest.Builder request : requests) {
                    CompletionRequest made = request.build();
                    TokenListener listener = (index, token) -> {
                        if (index == 0) tokens.add(made.id() + ": " + token.id() + ranks(token));
                    };
                    generator.submit(request.listener(listener).build());
                }
                while (generator.live() > 0) done.addAll(generator.step());
                done.sort(Comparator.comparingLong(each -> each.request().id()));
                logprobs.sort(
                        Comparator.comparingLong(SampledLogprobs::group).thenComparingInt(SampledLogprobs::completion));
                return new Told(
                        done, tokens.stream().sorted().toList(), logprobs, generator.drafted(), generator.accepted());
            }
        }

        private static List<Integer> ranks(SampledToken token) {
            return token.top().stream().map(SampledToken.TopLogprob::id).toList();
        }

        void assertSame(Told other, float tolerance) {
            assertEquals(tokens, other.tokens);
            assertEquals(done.size(), other.done.size());
            for (int group = 0; group < done.size(); group++)
                for (int index = 0; index < done.get(group).completions().size(); index++) {
                    Completion one = done.get(group).completions().get(index);
                    Completion two = other.done.get(group).completions().get(index);
                    assertArrayEquals(one.tokens(), two.tokens(), "group " + group + ", completion " + index);
                    assertArrayEquals(one.behaviourLogprobs(), two.behaviourLogprobs(), tolerance);
                    assertArrayEquals(one.versions(), two.versions());
                    assertArrayEquals(one.chosen(), two.chosen());
                    assertEquals(one.text(), two.text());
                    assertEquals(one.finished(), two.finished());
                }
            assertEquals(logprobs.size(), other.logprobs.size());
            for (int i = 0; i < logprobs.size(); i++) {
                assertArrayEquals(logprobs.get(i).raw(), other.logprobs.get(i).raw(), tolerance);
                assertArrayEquals(
                        logprobs.get(i).processed(), other.logprobs.get(i).processed(), tolerance + 1e-6f);
            }
        }

        /** Some guesses were right and some wrong. */
        void assertGuessed() {
            assertTrue(accepted > 0 && accepted < drafted, accepted + " of " + drafted + " guesses were right");
        }
    }

    private static RolloutConfig config(int slots, int decodeSteps, boolean batchInvariant) {
        return new RolloutConfig(4, slots, decodeSteps, 20, LONGEST, 1.0, 1.0, batchInvariant);
    }

    private static CompletionRequest.Builder request(long id) {
        return CompletionRequest.of(id, new int[] {3, 5, 7, 3, 5});
    }

    private static Told twins(
            WeightSnapshot weights, int end, RolloutConfig config, CompletionRequest.Builder... requests) {
        Told plain = Told.of(weights, end, config, List.of(requests));
        Told guessed = Told.of(weights, end, config.withDrafts(GUESSES), List.of(requests));
        assertEquals(0, plain.drafted);
        plain.assertSame(guessed, config.batchInvariant() ? 0 : 1e-5f);
        return guessed;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTinyPolicySamplesTheSameAndItsSiblingsAreGuessed(boolean batchInvariant) {
        WeightSnapshot tiny = Checkpoint.read(ModelFolder.resolve(ModelFolder.TINY), 0);
        CompletionRequest.Builder sampled = CompletionRequest.of(1, GIULIA).samples(5);
        CompletionRequest.Builder greedy =
                CompletionRequest.of(2, GIULIA).samples(3).greedy(true);
        Told told = twins(tiny, 1, config(2, 4, batchInvariant), sampled, greedy);
        told.assertGuessed();
        long tokens = told.done.stream()
                .flatMap(each -> each.completions().stream())
                .mapToInt(Completion::length)
                .sum();
        assertTrue(told.accepted > tokens / 3, told.accepted + " of " + tokens + " tokens were guessed");
    }

    /** Guesses reach the last token that a completion may have, and ones that begin late follow siblings to their end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void everySettingOfARequestIsKept(int slots) {
        Told told = twins(
                weights(0),
                -1,
                config(slots, 2, true),
                request(1).samples(3),
                request(2).samples(2).greedy(true),
                request(3).samples(2).sampling(new SamplingParameters(0.5, 1)).logprobs(5),
                request(4).samples(2).sampling(new SamplingParameters(0.7, 0.8, 6, 0.05)),
                request(5).samples(2).stopTokens(Set.of(4)),
                request(6).samples(2).stopStrings(List.of("c-d", "h-h")),
                request(7).samples(2).opening(9, 9, 2),
                request(8).samples(3).greedy(true).maxTokens(11));
        told.assertGuessed();
    }

    /** The mask allows 1 to 9 only: while it is among the live ones nothing is guessed. */
    @Test
    void masksHoldForEveryToken() {
        BitSet low = new BitSet();
        low.set(1, 10);
        TokenMask mask = new TokenMask() {
            @Override
            public BitSet allowed() {
                return low;
            }

            @Override
            public void accept(int token) {
                assertTrue(low.get(token));
            }
        };
        Told told = twins(
                weights(0),
                -1,
                config(2, 4, true),
                request(1).maxTokens(20).mask(() -> mask),
                request(2).samples(3).sampling(new SamplingParameters(0.3, 1)));
        assertTrue(told.drafted > 0);
    }

    /** 20 + 60 + 2 positions are the longest sequence: three that share 100 are paused and computed again. */
    @Test
    void sequencesThatShareACacheSampleTheSame() {
        Told told = twins(
                weights(0),
                -1,
                config(3, 2, true).withCacheTokens(100),
                request(1).samples(3).sampling(new SamplingParameters(0.3, 1)),
                request(2).samples(3).greedy(true));
        assertTrue(told.accepted > 0);
    }

    /** Attention to a window of positions, in all layers and in some. */
    @ParameterizedTest
    @ValueSource(strings = {"mistral", "ministral", "qwen2"})
    void modelsWithWindowsSampleTheSame(String name) {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0);
        CompletionRequest.Builder siblings = request(1).samples(4).sampling(new SamplingParameters(0.2, 1));
        Told told = twins(
                weights, -1, config(2, 4, true), siblings, request(2).samples(3).greedy(true));
        assertTrue(told.accepted > 0, told.drafted + " guesses");
        twins(weights, -1, config(2, 4, false), request(2).samples(3).greedy(true));
    }

    @Test
    void aboveFourLiveSequencesNothingIsGuessed() {
        RolloutConfig config = config(5, 4, true).withDrafts(GUESSES);
        List<CompletionRequest.Builder> five = List.of(request(1).samples(5).greedy(true));
        assertEquals(0, Told.of(weights(0), -1, config, five).drafted);
    }

    /** What began in one generator goes on in another one; new weights, which are the same, count from the next call on. */
    @Test
    void completionsThatHaveBegunGoOnAndEveryTokenHasItsVersion() {
        CompletionRequest asked =
                request(1).samples(3).sampling(new SamplingParameters(0.3, 1)).build();
        RolloutConfig config = config(2, 2, true);
        Completion[] expected;
        try (Generator plain = new Generator(weights(0), new Ids(VOCABULARY, -1), config, 42)) {
            plain.submit(asked);
            expected = finish(plain);
        }
        List<CompletedRequest> begun;
        int before;
        try (Generator first = new Generator(weights(0), new Ids(VOCABULARY, -1), config.withDrafts(GUESSES), 42)) {
            first.submit(asked);
            for (int call = 0; call < 4; call++) first.step();
            before = (int) first.sampled();
            first.swap(weights(1));
            for (int call = 0; call < 4; call++) first.step();
            begun = first.begun();
        }
        Completion[] found;
        try (Generator second = new Generator(weights(2), new Ids(VOCABULARY, -1), config.withDrafts(GUESSES), 42)) {
            second.submit(begun.get(0).request(), begun.get(0).completions());
            found = finish(second);
            assertTrue(second.accepted() > 0);
        }
        int[] versions = new int[3];
        for (int index = 0; index < 3; index++) {
            assertArrayEquals(expected[index].tokens(), found[index].tokens());
            assertArrayEquals(expected[index].behaviourLogprobs(), found[index].behaviourLogprobs());
            int[] sorted = found[index].versions().clone();
            Arrays.sort(sorted);
            assertArrayEquals(sorted, found[index].versions());
            for (int version : sorted) versions[version]++;
        }
        assertEquals(before, versions[0]);
        assertTrue(versions[1] >= 8 && versions[2] > 0, Arrays.toString(versions));
    }

    private static Completion[] finish(Generator generator) {
        List<CompletedRequest> done = new ArrayList<>();
        while (generator.live() > 0) done.addAll(generator.step());
        return done.get(0).completions().toArray(new Completion[0]);
    }
}
