package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request may say: how it is sampled, when it ends, who is told, which tokens are allowed. */
class RequestsTest {
    private static final int VOCABULARY = 19;
    private static final PolicyConfig SHAPE =
            new PolicyConfig(2, 16, 4, 2, 8, 24, VOCABULARY, 64, 10000, 1e-5, true, 0);
    private static final RolloutConfig CONFIG = new RolloutConfig(4, 6, 4, 12, 20, 1.0, 1.0);
    private static final Stop NEVER = new Stop(token -> false, request -> request.longest(20));

    private static WeightSnapshot weights() {
        Random random = new Random(5);
        WeightSnapshot weights = new WeightSnapshot(SHAPE, 0);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((float) ((tensor.shape().length == 1 ? 1 : 0) + 0.4 * random.nextGaussian()));
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    /** Every token is a letter and a dash. */
    private record Letters() implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return new int[0];
        }

        @Override
        public String decode(int[] tokens) {
            return IntStream.of(tokens).mapToObj(id -> (char) ('a' + id) + "-").collect(Collectors.joining());
        }

        @Override
        public int vocabularySize() {
            return VOCABULARY;
        }

        @Override
        public int endOfText() {
            return -1;
        }

        @Override
        public void close() {}
    }

    private static Generator generator(RolloutConfig config) {
        return new Generator(weights(), new Letters(), config, 42, NEVER);
    }

    private static List<CompletedRequest> run(Generator generator, CompletionRequest... requests) {
        for (CompletionRequest request : requests) generator.submit(request);
        List<CompletedRequest> done = new ArrayList<>();
        while (generator.live() > 0) done.addAll(generator.step());
        done.sort(Comparator.comparingLong(each -> each.request().id()));
        return done;
    }

    private static CompletionRequest.Builder request(long id) {
        return CompletionRequest.of(id, new int[] {3, 5, 7});
    }

    @Test
    void requestsOfDifferentSamplingShareABatchWithoutTouchingEachOther() {
        CompletionRequest[] requests = {
            request(1).samples(2).build(),
            request(2).sampling(new SamplingParameters(0.5, 1)).build(),
            request(3).sampling(new SamplingParameters(1, 0.6)).build(),
            request(4).sampling(new SamplingParameters(1.3, 1, 4, 0)).build(),
            request(5).sampling(new SamplingParameters(1, 1, 0, 0.3)).build(),
            request(6).greedy(true).build()
        };
        List<CompletedRequest> together;
        try (Generator generator = generator(CONFIG)) {
            together = run(generator, requests);
        }
        for (CompletedRequest each : together)
            try (Generator generator = generator(CONFIG)) {
                CompletedRequest alone = run(generator, each.request()).get(0);
                for (int i = 0; i < alone.completions().size(); i++) {
                    Completion expected = alone.completions().get(i);
                    Completion found = each.completions().get(i);
                    assertArrayEquals(
                            expected.tokens(),
                            found.tokens(),
                            "request " + each.request().id());
                    assertArrayEquals(expected.behaviourLogprobs(), found.behaviourLogprobs(), 1e-5f);
                }
            }
    }

    /** Frequencies of the first token over many completions against the distribution that is worked out from the logprobs. */
    @ParameterizedTest
    @CsvSource({"1, 1, 0, 0", "0.7, 1, 0, 0", "1, 0.5, 0, 0", "1, 1, 3, 0", "1, 1, 0, 0.4", "1.5, 0.8, 6, 0.1"})
    void tokensFollowTheDistributionThatTheRequestAsksFor(double temperature, double topP, int topK, double minP) {
        int samples = 4000;
        RolloutConfig config = new RolloutConfig(4, 200, 1, 12, 1, 1.0, 1.0);
        Map<Integer, Float> raw = new HashMap<>();
        int[] counts = new int[VOCABULARY];
        try (Generator generator =
                new Generator(weights(), new Letters(), config, 9, new Stop(token -> false, request -> 1))) {
            TokenListener all = (completion, token) -> token.top().forEach(top -> raw.put(top.id(), top.logprob()));
            run(generator, request(1).logprobs(VOCABULARY).listener(all).build());
            List<CompletedRequest> done = run(
                    generator,
                    request(2)
                            .samples(samples)
                            .sampling(new SamplingParameters(temperature, topP, topK, minP))
                            .build());
            for (Completion completion : done.get(0).completions())
                counts[completion.tokens()[0]]++;
        }
        double[] expected = expected(raw, temperature, topP, topK, minP);
        for (int id = 0; id < VOCABULARY; id++) {
            double share = counts[id] / (double) samples;
            if (expected[id] == 0) assertEquals(0, counts[id], "token " + id + " was cut");
            else assertEquals(expected[id], share, 5 * Math.sqrt(expected[id] / samples), "token " + id);
        }
    }

    private static double[] expected(Map<Integer, Float> raw, double temperature, double topP, int topK, double minP) {
        double[] p = new double[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) p[id] = Math.exp(raw.get(id) / temperature);
        normalise(p);
        List<Integer> order = IntStream.range(0, VOCABULARY)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -p[id]))
                .toList();
        for (int rank = 0; rank < VOCABULARY; rank++) if (topK > 0 && rank >= topK) p[order.get(rank)] = 0;
        normalise(p);
        double before = 0;
        double best = p[order.get(0)];
        for (int id : order) {
            double here = p[id];
            if (before >= topP || here < minP * best) p[id] = 0;
            before += here;
        }
        normalise(p);
        return p;
    }

    private static void normalise(double[] p) {
        double sum = 0;
        for (double value : p) sum += value;
        for (int i = 0; i < p.length; i++) p[i] /= sum;
    }

    @Test
    void behaviourLogprobsStayThoseBeforeTheCut() {
        try (Generator generator = generator(CONFIG)) {
            CompletedRequest cut = run(
                            generator,
                            request(1).sampling(new SamplingParameters(1, 0.5)).build())
                    .get(0);
            Completion completion = cut.completions().get(0);
            float[] scored = generator.score(join(cut.request().promptTokens(), completion.tokens()), 3);
            assertArrayEquals(scored, completion.behaviourLogprobs(), 2e-5f);
        }
    }

    private static int[] join(int[] a, int[] b) {
        return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
    }

    @Test
    void aSeedMakesARequestRepeatableWhateverItsId() {
        try (Generator generator = generator(CONFIG)) {
            List<CompletedRequest> done = run(
                    generator,
                    request(1).seed(7).build(),
                    request(2).seed(7).build(),
                    request(3).seed(8).build());
            int[] first = done.get(0).completions().get(0).tokens();
            assertArrayEquals(first, done.get(1).completions().get(0).tokens());
            assertFalse(java.util.Arrays.equals(
                    first, done.get(2).completions().get(0).tokens()));
        }
    }

    @Test
    void aStopStringEndsACompletionAndIsNotPartOfItsText() {
        try (Generator generator = generator(CONFIG)) {
            String whole = run(generator, request(1).build())
                    .get(0)
                    .completions()
                    .get(0)
                    .text();
            String stop = whole.substring(9, 14); // begins and ends within tokens
            int at = whole.indexOf(stop);
            List<FinishReason> reasons = new ArrayList<>();
            TokenListener listener = new TokenListener() {
                @Override
                public void token(int completion, SampledToken token) {}

                @Override
                public void finished(int completion, Completion result, FinishReason reason) {
                    reasons.add(reason);
                }
            };
            Completion cut = run(
                            generator,
                            request(1)
                                    .stopStrings(List.of("nothing like it", stop))
                                    .listener(listener)
                                    .build())
                    .get(0)
                    .completions()
                    .get(0);
            assertEquals(whole.substring(0, at), cut.text());
            assertTrue(cut.finished());
            assertTrue(cut.length() < 20, cut.length() + " tokens");
            assertEquals(List.of(FinishReason.STOP), reasons);
        }
    }

    @Test
    void aStopTokenEndsACompletionAndIsNotPartOfItsText() {
        try (Generator generator = generator(CONFIG)) {
            Completion whole =
                    run(generator, request(1).build()).get(0).completions().get(0);
            int stop = whole.tokens()[6];
            int first = IntStream.range(0, 20)
                    .filter(t -> whole.tokens()[t] == stop)
                    .findFirst()
                    .orElseThrow();
            Completion cut = run(generator, request(1).stopTokens(Set.of(stop)).build())
                    .get(0)
                    .completions()
                    .get(0);
            assertEquals(first + 1, cut.length());
            assertEquals(new Letters().decode(java.util.Arrays.copyOf(whole.tokens(), first)), cut.text());
        }
    }

    @Test
    void aListenerGetsEveryTokenInOrderWithItsLogprobs() {
        List<Integer> ids = new ArrayList<>();
        List<Float> logprobs = new ArrayList<>();
        try (Generator generator = generator(CONFIG)) {
            Completion completion = run(
                            generator,
                            request(1)
                                    .logprobs(3)
                                    .listener((index, token) -> {
                                        ids.add(token.id());
                                        logprobs.add(token.logprob());
                                        assertEquals(3, token.top().size());
                                        assertTrue(token.top().get(0).logprob()
                                                >= token.top().get(1).logprob());
                                        assertTrue(token.top().get(0).logprob() >= token.logprob() - 1e-5);
                                    })
                                    .build())
                    .get(0)
                    .completions()
                    .get(0);
            assertArrayEquals(completion.tokens(), ids.stream().mapToInt(i -> i).toArray());
            for (int t = 0; t < ids.size(); t++)
                assertEquals(completion.behaviourLogprobs()[t], logprobs.get(t), 2e-5f);
        }
    }

    @Test
    void aCancelledRequestFreesItsSlotsAndTheOthersGoOn() {
        CompletionRequest stays = request(2).build();
        int[] expected;
        try (Generator generator = generator(CONFIG)) {
            expected = run(generator, stays).get(0).completions().get(0).tokens();
        }
        try (Generator generator = generator(CONFIG)) {
            generator.submit(request(1).samples(8).build()); // six in slots, two waiting
            generator.submit(stays);
            generator.step();
            assertTrue(generator.freeSlots() < 0);
            generator.cancel(1);
            assertEquals(5, generator.freeSlots()); // six slots, one request waits
            assertEquals(1, generator.live());
            List<CompletedRequest> done = run(generator);
            assertEquals(1, done.size());
            assertArrayEquals(expected, done.get(0).completions().get(0).tokens());
            generator.cancel(77); // unknown: nothing happens
            assertEquals(6, generator.freeSlots());
        }
    }

    /** Allows only tokens of one parity, the other one after each token. */
    private static final class Parity implements TokenMask {
        private int next;

        @Override
        public BitSet allowed() {
            BitSet allowed = new BitSet();
            for (int id = next; id < VOCABULARY; id += 2) allowed.set(id);
            return allowed;
        }

        @Override
        public void accept(int token) {
            next = 1 - next;
        }
    }

    @Test
    void aMaskHoldsForItsRequestAndChangesNoOther() {
        CompletionRequest free = request(1).build();
        int[] expected;
        try (Generator generator = generator(CONFIG)) {
            expected = run(generator, free).get(0).completions().get(0).tokens();
        }
        try (Generator generator = generator(CONFIG)) {
            List<CompletedRequest> done = run(
                    generator,
                    free,
                    request(2).mask(Parity::new).samples(2).build(),
                    request(3).mask(Parity::new).greedy(true).build());
            assertArrayEquals(expected, done.get(0).completions().get(0).tokens());
            for (CompletedRequest masked : done.subList(1, 3))
                for (Completion completion : masked.completions())
                    for (int t = 0; t < completion.length(); t++)
                        assertEquals(t % 2, completion.tokens()[t] % 2, "token " + t);
        }
    }

    @Test
    void aMaskThatAllowsNothingEndsItsRequestOnly() {
        List<RuntimeException> failures = new ArrayList<>();
        TokenListener listener = new TokenListener() {
            @Override
            public void token(int completion, SampledToken token) {}

            @Override
            public void failed(RuntimeException cause) {
                failures.add(cause);
            }
        };
        TokenMask nothing = new TokenMask() {
            @Override
            public BitSet allowed() {
                return new BitSet();
            }

            @Override
            public void accept(int token) {}
        };
        try (Generator generator = generator(CONFIG)) {
            List<CompletedRequest> done = run(
                    generator,
                    request(1).mask(() -> nothing).listener(listener).build(),
                    request(2).build());
            assertEquals(1, done.size());
            assertEquals(2, done.get(0).request().id());
            assertEquals(1, failures.size());
            assertEquals(6, generator.freeSlots());
        }
    }

    @Test
    void forcedOpeningTokensAreNotThePolicys() {
        try (Generator generator = generator(CONFIG)) {
            Completion completion = run(generator, request(1).opening(4, 9).build())
                    .get(0)
                    .completions()
                    .get(0);
            assertEquals(20, completion.length());
            assertEquals(18, completion.chosenTokens());
            assertFalse(completion.isChosen(0) || completion.isChosen(1));
            assertTrue(completion.isChosen(2));
            assertNull(run(generator, request(2).build())
                    .get(0)
                    .completions()
                    .get(0)
                    .chosen());
        }
    }

    /** 3 tokens of prompts a step: of the long one half, rounded down to 1, of the short one the rest. */
    @Test
    void theFirstTokenOfAShortPromptDoesNotWaitForALongOne() {
        RolloutConfig config = new RolloutConfig(4, 4, 1, 12, 20, 1.0, 1.0, false, 3, Dtype.AUTO);
        try (Generator generator = generator(config)) {
            Set<Long> told = new HashSet<>();
            int[] steps = new int[3];
            for (long id : new long[] {1, 2}) {
                int[] prompt = id == 1 ? new int[12] : new int[] {3, 4, 5};
                generator.submit(CompletionRequest.of(id, prompt)
                        .listener((completion, token) -> told.add(id))
                        .build());
            }
            for (int step = 1; told.size() < 2; step++) {
                generator.step();
                for (long id : new long[] {1, 2}) if (told.contains(id) && steps[(int) id] == 0) steps[(int) id] = step;
            }
            assertEquals(1, steps[2]);
            assertTrue(steps[1] > 2, "the long prompt needs several steps");
        }
    }
}
