package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.model.Dtype;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.Variant;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratorTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 16, 4, 2, 8, 24, 19, 64, 10000, 1e-5, true, 0);
    private static final Problem PROBLEM = Problem.math("p", "en", "1+1?", "2", Map.of());

    /** Token ids as text; 0 ends. */
    private static final class Numbers implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
        }

        @Override
        public String decode(int[] tokens) {
            return Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        }

        @Override
        public int vocabularySize() {
            return 19;
        }

        @Override
        public int endOfText() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static WeightSnapshot weights(int version) {
        return weights(SHAPE, version);
    }

    private static WeightSnapshot weights(PolicyConfig shape, int version) {
        Random random = new Random(100 + version);
        WeightSnapshot weights = new WeightSnapshot(shape, version);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((float) ((tensor.shape().length == 1 ? 1 : 0) + 0.25 * random.nextGaussian()));
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    private static RolloutConfig config(int slots, int decodeSteps, double temperature) {
        return new RolloutConfig(4, slots, decodeSteps, 12, 20, temperature, 1.0);
    }

    private static CompletionRequest request(long id, int samples, boolean greedy) {
        int[] prompt = new Random(id).ints(1 + (int) (id % 7), 1, 19).toArray();
        return CompletionRequest.of(id, prompt).samples(samples).greedy(greedy).build();
    }

    private static List<CompletedRequest> run(RolloutConfig config, CompletionRequest... requests) {
        try (Generator generator = new Generator(weights(0), new Numbers(), config, 42)) {
            for (CompletionRequest request : requests) generator.submit(request);
            List<CompletedRequest> groups = new ArrayList<>();
            while (generator.live() > 0) groups.addAll(generator.step());
            groups.sort(Comparator.comparingLong(g -> g.request().id()));
            return groups;
        }
    }

    @Test
    void sampledTokensDependNeitherOnSlotsNorOnNeighboursNorOnStepsPerCall() {
        CompletionRequest[] requests = {request(1, 4, false), request(2, 4, false), request(3, 4, false)};
        List<CompletedRequest> wide = run(config(12, 4, 1.0), requests);
        List<CompletedRequest> narrow = run(config(3, 1, 1.0), requests);
        List<CompletedRequest> alone = run(config(5, 3, 1.0), request(2, 4, false));
        for (int g = 0; g < 3; g++)
            for (int i = 0; i < 4; i++) {
                Completion a = wide.get(g).completions().get(i);
                Completion b = narrow.get(g).completions().get(i);
                assertArrayEquals(a.tokens(), b.tokens());
                assertArrayEquals(a.behaviourLogprobs(), b.behaviourLogprobs(), 1e-5f);
            }
        for (int i = 0; i < 4; i++)
            assertArrayEquals(
                    wide.get(1).completions().get(i).tokens(),
                    alone.get(0).completions().get(i).tokens());
    }

    @Test
    void sampledTokensDoNotDependOnThePiecesInWhichPromptsAreComputed() {
        for (boolean batchInvariant : new boolean[] {false, true}) {
            CompletionRequest[] requests = {
                request(5, 3, false), request(6, 1, false), request(7, 1, false), request(13, 4, false)
            };
            RolloutConfig pieces = new RolloutConfig(4, 5, 2, 12, 20, 1.0, 1.0, batchInvariant, 2, Dtype.AUTO);
            RolloutConfig whole = new RolloutConfig(4, 9, 4, 12, 20, 1.0, 1.0, batchInvariant, 64, Dtype.AUTO);
            List<CompletedRequest> expected = run(whole, requests);
            List<CompletedRequest> found = run(pieces, requests);
            for (int g = 0; g < requests.length; g++)
                for (int i = 0; i < requests[g].samples(); i++) {
                    Completion a = expected.get(g).completions().get(i);
                    Completion b = found.get(g).completions().get(i);
                    assertArrayEquals(a.tokens(), b.tokens());
                    if (batchInvariant) assertArrayEquals(a.behaviourLogprobs(), b.behaviourLogprobs());
                    else assertArrayEquals(a.behaviourLogprobs(), b.behaviourLogprobs(), 1e-5f);
                }
        }
    }

    @Test
    void aLongPromptDoesNotHoldUpTheLiveSlots() {
        RolloutConfig config = new RolloutConfig(4, 2, 1, 12, 20, 1.0, 1.0, false, 3, Dtype.AUTO);
        CompletionRequest brief = CompletionRequest.of(2, new int[] {3}).build();
        CompletionRequest large = CompletionRequest.of(1, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
                .build();
        Stop never = new Stop(token -> false, request -> 20);
        try (Generator generator = new Generator(weights(0), new Numbers(), config, 42, never)) {
            generator.submit(brief);
            generator.submit(large);
            generator.step(); // 3 of the 9 tokens that stand before the prompt's last one
            generator.step(); // 6
            assertEquals(2, generator.sampled());
            generator.step(); // 9: the long one starts and has its first token
            assertEquals(4, generator.sampled());
        }
    }

    @Test
    void behaviourLogprobsAreThoseOfTheTrainersForward() {
        for (double temperature : new double[] {1.0, 0.6}) {
            List<CompletedRequest> groups = run(config(6, 4, temperature), request(5, 4, false), request(6, 4, false));
            try (Policy policy = new Policy(weights(0))) {
                for (CompletedRequest group : groups)
                    for (Completion completion : group.completions()) {
                        int[] all = join(group.request().promptTokens(), completion.tokens());
                        float[] expected = policy.logprobs(
                                PackedSequences.of(all, group.request().promptTokens().length), temperature);
                        assertArrayEquals(expected, completion.behaviourLogprobs(), 2e-5f);
                    }
            }
        }
    }

    @Test
    void scoreOfTheCanaryIsThatOfTheTrainersForward() {
        int[] tokens = new Random(1).ints(30, 1, 19).toArray();
        try (Generator generator = new Generator(weights(0), new Numbers(), config(2, 4, 1.0), 1);
                Policy policy = new Policy(weights(3))) {
            generator.swap(weights(3));
            for (int from : new int[] {1, 2, 11})
                assertArrayEquals(
                        policy.logprobs(PackedSequences.of(tokens, from), 1.0), generator.score(tokens, from), 2e-5f);
        }
    }

    @Test
    void aCompletionEndsAtEndOfTextOrAtTheLongestLength() {
        for (CompletedRequest group : run(config(4, 4, 1.0), request(1, 8, false), request(2, 8, false)))
            for (Completion completion : group.completions()) {
                int[] tokens = completion.tokens();
                assertTrue(tokens.length <= 20);
                assertEquals(completion.finished(), tokens[tokens.length - 1] == 0);
                assertTrue(completion.finished() || tokens.length == 20);
                for (int t = 0; t < tokens.length - 1; t++) assertNotEquals(0, tokens[t]);
                String text =
                        new Numbers().decode(Arrays.copyOf(tokens, tokens.length - (completion.finished() ? 1 : 0)));
                assertEquals(text, completion.text());
            }
    }

    @Test
    void aSwapKeepsSequencesAndMarksEachTokenWithItsVersion() {
        try (Generator generator = new Generator(weights(0), new Numbers(), config(8, 2, 1.0), 7)) {
            for (long id = 1; id <= 4; id++) generator.submit(request(id, 4, false));
            List<CompletedRequest> groups = new ArrayList<>(generator.step());
            generator.swap(weights(1));
            assertEquals(1, generator.version());
            while (generator.live() > 0) groups.addAll(generator.step());
            boolean mixed = false;
            for (CompletedRequest group : groups)
                for (Completion completion : group.completions()) {
                    int[] versions = completion.versions();
                    mixed |= completion.oldestVersion() == 0 && completion.newestVersion() == 1;
                    for (int t = 0; t < versions.length; t++)
                        if (completion.oldestVersion() == 0) assertEquals(t < 2 ? 0 : 1, versions[t]);
                }
            assertTrue(mixed);
        }
    }

    @Test
    void aFreedSlotTakesTheNextCompletionAtOnce() {
        try (Generator generator = new Generator(weights(0), new Numbers(), config(4, 1, 1.0), 3)) {
            for (long id = 1; id <= 5; id++) generator.submit(request(id, 4, false));
            assertEquals(-16, generator.freeSlots());
            int finished = 0;
            while (generator.live() > 0) finished += generator.step().size();
            assertEquals(5, finished);
            assertEquals(4, generator.freeSlots());
        }
    }

    @Test
    void greedyTakesTheMostLikelyTokenEveryTime() {
        CompletedRequest group = run(config(4, 4, 1.0), request(9, 3, true)).get(0);
        assertArrayEquals(
                group.completions().get(0).tokens(), group.completions().get(2).tokens());
    }

    @Test
    void anOpeningIsImposedAndCountsAsPartOfTheCompletion() {
        int[] opening = {5, 6, 7};
        CompletionRequest forced = CompletionRequest.of(1, new int[] {3, 4})
                .opening(opening)
                .samples(2)
                .greedy(true)
                .build();
        Completion completion =
                run(config(4, 4, 1.0), forced).get(0).completions().get(0);
        assertArrayEquals(opening, Arrays.copyOf(completion.tokens(), 3));
        CompletionRequest asPrompt =
                CompletionRequest.of(1, new int[] {3, 4, 5, 6, 7}).greedy(true).build();
        Completion same = run(config(4, 4, 1.0), asPrompt).get(0).completions().get(0);
        int shared = Math.min(same.length(), completion.length() - 3);
        assertArrayEquals(Arrays.copyOf(same.tokens(), shared), Arrays.copyOfRange(completion.tokens(), 3, 3 + shared));
    }

    @Test
    void topPNeverTakesATokenOutsideTheNucleus() {
        RolloutConfig narrow = new RolloutConfig(4, 8, 4, 12, 20, 1.0, 0.3);
        RolloutConfig greedy = config(8, 4, 0);
        // a nucleus below the largest probability holds one token only: sampling is then greedy
        RolloutConfig single = new RolloutConfig(4, 8, 4, 12, 20, 1.0, 1e-6);
        assertArrayEquals(
                run(greedy, request(3, 1, false)).get(0).completions().get(0).tokens(),
                run(single, request(3, 1, false)).get(0).completions().get(0).tokens());
        assertEquals(8, run(narrow, request(3, 8, false)).get(0).completions().size());
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedByName() {
        try (Generator generator = new Generator(weights(0), new Numbers(), config(2, 4, 1.0), 1)) {
            CompletionRequest request = CompletionRequest.of(77, new int[13]).build();
            String message = assertThrows(IllegalArgumentException.class, () -> generator.submit(request))
                    .getMessage();
            assertTrue(message.contains("77") && message.contains("13") && message.contains("12"), message);
        }
    }

    @Test
    void anyOfTheModelsEndsEndsACompletion() {
        Variant plain = SHAPE.variant();
        Variant variant = new Variant(
                plain.architecture(), plain.window(), plain.rope(), plain.experts(), List.of(1, 2, 3, 4, 5, 6, 7, 8));
        Set<Integer> last = new HashSet<>();
        try (Generator generator =
                new Generator(weights(SHAPE.with(variant), 0), new Numbers(), config(8, 4, 1.0), 42)) {
            for (long id = 1; id <= 4; id++) generator.submit(request(id, 8, false));
            while (generator.live() > 0)
                for (CompletedRequest group : generator.step())
                    for (Completion completion : group.completions()) {
                        int[] tokens = completion.tokens();
                        for (int t = 0; t < tokens.length - 1; t++) assertTrue(tokens[t] > 8);
                        assertEquals(completion.finished(), tokens[tokens.length - 1] <= 8);
                        last.add(tokens[tokens.length - 1]);
                    }
        }
        assertTrue(last.size() > 2, last.toString());
    }

    @Test
    void theFirstEndThatTheModelsConfigNamesEndsACompletionAlsoWhereTheTokenizerNamesAnother() {
        Set<Integer> last = new HashSet<>();
        try (Generator generator = new Generator(weights(0), new Ids(19, 5), config(8, 4, 1.0), 42)) {
            for (long id = 1; id <= 4; id++) generator.submit(request(id, 8, false));
            while (generator.live() > 0)
                for (CompletedRequest group : generator.step())
                    for (Completion completion : group.completions()) {
                        int[] tokens = completion.tokens();
                        for (int t = 0; t < tokens.length - 1; t++) assertTrue(tokens[t] != 0 && tokens[t] != 5);
                        if (completion.finished()) last.add(tokens[tokens.length - 1]);
                    }
        }
        assertEquals(Set.of(0, 5), last); // the config of SHAPE says 0, the tokenizer 5
    }

    /** Blocks for four slots, columns for one; the head of its own, or the embedding. */
    @ParameterizedTest
    @CsvSource({"4, true", "1, true", "4, false", "1, false"})
    void matricesThatArePackedForDecodingGiveTheSameNumbersAlsoAfterASwap(int slots, boolean tied) {
        PolicyConfig large = new PolicyConfig(2, 256, 4, 2, 64, 512, 32_000, 64, 10000, 1e-5, tied, 0);
        RolloutConfig config = config(slots, 4, 1.0);
        assertTrue(HalfTest.packs(large, config));
        try (Generator generator = new Generator(weights(large, 0), new Numbers(), config, 42)) {
            generator.submit(request(2, 4, false));
            generator.swap(weights(large, 1));
            List<CompletedRequest> groups = new ArrayList<>();
            while (generator.live() > 0) groups.addAll(generator.step());
            CompletedRequest group = groups.get(0);
            for (Completion completion : group.completions())
                assertArrayEquals(
                        completion.behaviourLogprobs(),
                        generator.score(
                                join(group.request().promptTokens(), completion.tokens()),
                                group.request().promptTokens().length),
                        1e-3f);
        }
    }

    private static int[] join(int[] prompt, int[] completion) {
        int[] all = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, all, prompt.length, completion.length);
        return all;
    }

    @Test
    void aRequestMayAskForAnyLengthThatASlotHasRoomFor() {
        Stop never = new Stop(token -> false, request -> request.longest(20));
        List<Integer> lengths = new ArrayList<>();
        try (Generator generator = new Generator(weights(0), new Numbers(), config(4, 4, 1.0), 42, never)) {
            assertEquals(32, generator.context()); // 12 of the prompt and 20
            for (int longest : new int[] {6, 20, 0, 31})
                generator.submit(CompletionRequest.of(longest, new int[] {3})
                        .maxTokens(longest)
                        .build());
            while (generator.live() > 0)
                for (CompletedRequest group : generator.step())
                    lengths.add(group.completions().get(0).length());
            CompletionRequest large =
                    CompletionRequest.of(99, new int[] {3}).maxTokens(32).build();
            assertThrows(IllegalArgumentException.class, () -> generator.submit(large));
        }
        lengths.sort(null);
        assertEquals(List.of(6, 20, 20, 31), lengths); // 0 is the generator's own
    }
}
