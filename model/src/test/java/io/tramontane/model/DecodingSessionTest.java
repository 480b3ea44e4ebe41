package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecodingSessionTest {
    private static final PolicyConfig SMALL = PolicyTest.SMALL;
    private static final int SLOTS = 3;

    private static DecodingWeights weights(long seed) {
        return new DecodingWeights(
                PolicyTest.random(SMALL, seed), Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU, SLOTS);
    }

    private static DecodingSession session(DecodingWeights weights) {
        return DecodingSession.sampling(weights, 40, new SamplingParameters(1, 1));
    }

    /** Imposes the tokens behind the first {@code from} of a sequence on the first {@code rows} slots. */
    private static DecodedTokens imposed(DecodingSession session, int[] sequence, int from, int rows, boolean details) {
        int steps = sequence.length - from;
        long[] newest = new long[rows];
        long[] positions = new long[rows];
        long[] forced = new long[steps * rows];
        Arrays.fill(newest, sequence[from - 1]);
        Arrays.fill(positions, from - 1);
        for (int step = 0; step < steps; step++)
            Arrays.fill(forced, step * rows, (step + 1) * rows, sequence[from + step]);
        float[] uniforms = new float[steps * rows];
        return session.decode(new DecodeRequest(newest, positions, uniforms, new boolean[rows], forced), details);
    }

    private static void fillAll(DecodingSession session, int[] prompt, int rows) {
        try (PromptCache cache = session.prompt(prompt)) {
            assertEquals(prompt.length, cache.missing());
            while (cache.missing() > 0) session.prefill(List.of(cache), 4);
            for (int slot = 0; slot < rows; slot++) session.fill(cache, slot);
        }
    }

    private static final int[] SEQUENCE = new Random(4).ints(20, 0, 40).toArray();

    @Test
    void everySlotSaysWhatTheTrainersForwardSays() {
        try (DecodingWeights weights = weights(1);
                DecodingSession session = session(weights);
                Policy policy = new Policy(PolicyTest.random(SMALL, 1), Numerics.FAST, ComputeDevice.CPU)) {
            fillAll(session, Arrays.copyOf(SEQUENCE, 9), SLOTS);
            DecodedTokens decided = imposed(session, SEQUENCE, 10, SLOTS, true);
            float[] expected = policy.logprobs(PackedSequences.of(SEQUENCE, 10), 1);
            assertEquals(10, decided.steps());
            for (int step = 0; step < 10; step++)
                for (int slot = 0; slot < SLOTS; slot++) {
                    assertEquals(SEQUENCE[10 + step], decided.token(step, slot));
                    assertEquals(expected[step], decided.logprob(step, slot), 2e-5f);
                    assertEquals(expected[step], decided.rawLogprob(step, slot), 2e-5f);
                    assertEquals(expected[step], decided.processedLogprob(step, slot), 2e-5f);
                }
        }
    }

    @Test
    void newWeightsCountFromTheNextCallOnAndTheCacheStays() {
        try (DecodingWeights weights = weights(1);
                DecodingSession session = session(weights);
                DecodingSession other = DecodingSession.scoring(weights, 40, 1)) {
            fillAll(session, Arrays.copyOf(SEQUENCE, 9), 1);
            float[] before = imposed(session, SEQUENCE, 10, 1, false).logprobs();
            weights.load(PolicyTest.random(SMALL, 2).withVersion(7));
            assertEquals(7, weights.version());
            float[] mixed = imposed(session, SEQUENCE, 10, 1, false).logprobs();
            fillAll(other, Arrays.copyOf(SEQUENCE, 9), 1);
            float[] fresh = imposed(other, SEQUENCE, 10, 1, false).logprobs();
            assertTrue(Math.abs(before[0] - mixed[0]) > 1e-3);
            assertTrue(Math.abs(fresh[0] - mixed[0]) > 1e-3); // over the old weights' keys and values
        }
    }

    @Test
    void aMovedSlotGoesOnAsItWas() {
        try (DecodingWeights weights = weights(1);
                DecodingSession session = session(weights)) {
            fillAll(session, Arrays.copyOf(SEQUENCE, 9), 3);
            float[] expected = imposed(session, SEQUENCE, 10, 3, false).logprobs();
            fillAll(session, new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, 1);
            session.move(2, 0, 9);
            float[] found = imposed(session, SEQUENCE, 10, 1, false).logprobs();
            for (int step = 0; step < 10; step++) assertEquals(expected[3 * step + 2], found[step], 1e-6f);
        }
    }

    @Test
    void callsLeaveNothingWithThePolicy() {
        try (DecodingWeights weights = weights(1);
                DecodingSession session = session(weights)) {
            int arrays = weights.policy().manager().getManagedArrays().size();
            for (int round = 0; round < 3; round++) {
                fillAll(session, Arrays.copyOf(SEQUENCE, 9), SLOTS);
                imposed(session, SEQUENCE, 10, SLOTS, true);
                session.move(0, 1, 5);
                assertEquals(
                        arrays, weights.policy().manager().getManagedArrays().size());
            }
        }
    }

    @Test
    void whoClosesASessionOrItsWeightsFreesThem() {
        DecodingWeights weights = weights(1);
        IValue first = weights.plain();
        weights.load(PolicyTest.random(SMALL, 2));
        assertTrue(first.isReleased()); // the weights of the version before
        IValue second = weights.plain();
        DecodingSession session = session(weights);
        PromptCache prompt = session.prompt(SEQUENCE);
        assertFalse(prompt.cache().keys().isReleased());
        prompt.close();
        assertTrue(prompt.cache().keys().isReleased());
        assertTrue(prompt.cache().values().isReleased());
        session.close();
        assertFalse(second.isReleased());
        weights.close();
        assertTrue(second.isReleased());
        assertFalse(weights.policy().manager().isOpen());
    }

    /** A prompt of 8,000 tokens has 1 MB of keys and values here: 400 rounds that kept theirs would take 400 MB. */
    @Test
    void promptsThatAreClosedGiveTheirMemoryBack() throws IOException {
        PolicyConfig config = new PolicyConfig(2, 16, 4, 2, 4, 24, 40, 10_000, 10000, 1e-5, true, 0);
        int[] tokens = new int[8_000];
        try (DecodingWeights weights = new DecodingWeights(
                        PolicyTest.random(config, 1), Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU, 1);
                DecodingSession session = DecodingSession.sampling(weights, 8_000, new SamplingParameters(1, 1))) {
            long before = 0;
            for (int round = 0; round < 440; round++) {
                if (round == 40) before = residentBytes();
                try (PromptCache prompt = session.prompt(tokens)) {
                    session.prefill(List.of(prompt), 16);
                    session.fill(prompt, 0);
                }
            }
            long more = residentBytes() - before;
            assertTrue(more < 100_000_000, more + " bytes more");
        }
    }

    private static long residentBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        return 4096 * Long.parseLong(pages[1]);
    }

    @Test
    void aRequestWhoseLengthsDisagreeIsRefused() {
        long[] two = new long[2];
        float[] four = new float[4];
        boolean[] flags = new boolean[2];
        assertEquals(2, new DecodeRequest(two, two, four, flags, new long[4]).steps());
        for (DecodeRequestOf bad : List.<DecodeRequestOf>of(
                () -> new DecodeRequest(two, new long[1], four, flags, new long[4]),
                () -> new DecodeRequest(two, two, new float[3], flags, new long[3]),
                () -> new DecodeRequest(two, two, four, new boolean[3], new long[4]),
                () -> new DecodeRequest(two, two, four, flags, new long[2]),
                () -> new DecodeRequest(new long[0], new long[0], four, new boolean[0], new long[4])))
            assertThrows(IllegalArgumentException.class, bad::make);
    }

    private interface DecodeRequestOf {
        DecodeRequest make();
    }

    @Test
    void detailsOfAStepAreARowOfRawAndARowOfProcessed() {
        float[] details = {10, 11, 20, 21, 12, 13, 22, 23};
        DecodedTokens decided = new DecodedTokens(2, new long[] {5, 6, 7, 8}, new float[] {1, 2, 3, 4}, details);
        assertArrayEquals(new float[] {11, 21, 12, 23}, new float[] {
            decided.rawLogprob(0, 1), decided.processedLogprob(0, 1),
            decided.rawLogprob(1, 0), decided.processedLogprob(1, 1)
        });
        assertEquals(7, decided.token(1, 0));
        assertEquals(4, decided.logprob(1, 1));
    }

    /** Greedy tokens behind the first ten of the sequence, for two slots. */
    private static DecodeRequest greedy(long[] newest, long[] positions, int steps) {
        long[] forced = new long[2 * steps];
        Arrays.fill(forced, -1);
        return new DecodeRequest(newest, positions, new float[2 * steps], new boolean[] {true, true}, forced);
    }

    /** Slot 0: two right guesses and a wrong one; slot 1: a wrong one first. Then both go on to the last of 40 positions. */
    @Test
    void whatIsChosenBehindRightGuessesIsWhatDecodingChoosesAndWrongOnesLeaveNoTrace() {
        for (Numerics numerics : List.of(Numerics.FAST, Numerics.BATCH_INVARIANT)) {
            float tolerance = numerics == Numerics.FAST ? 1e-5f : 0;
            try (DecodingWeights weights = new DecodingWeights(
                            PolicyTest.random(SMALL, 1), numerics, Dtype.FLOAT32, ComputeDevice.CPU, 2);
                    DecodingSession plain = session(weights);
                    DecodingSession guessed = session(weights)) {
                fillAll(plain, Arrays.copyOf(SEQUENCE, 9), 2);
                fillAll(guessed, Arrays.copyOf(SEQUENCE, 9), 2);
                long newest = SEQUENCE[9];
                DecodeRequest all = greedy(new long[] {newest, newest}, new long[] {9, 9}, 30);
                DecodedTokens expected = plain.decode(all, true);
                int[] tokens = new int[30];
                for (int step = 0; step < 30; step++) tokens[step] = expected.token(step, 0);
                int wrong = (tokens[2] + 1) % 40;
                List<int[]> guesses =
                        List.of(new int[] {tokens[0], tokens[1], wrong, 7}, new int[] {(tokens[0] + 1) % 40});
                DecodedTokens found =
                        guessed.verify(greedy(new long[] {newest, newest}, new long[] {9, 9}, 5), guesses, true);
                assertEquals(5, found.steps());
                for (int step = 0; step < 3; step++) assertSame(expected, step, found, step, 0, tolerance);
                assertSame(expected, 0, found, 0, 1, tolerance);
                // slot 0 has three tokens now, slot 1 one; its 29 further ones end at the last position
                DecodeRequest rest = greedy(new long[] {tokens[2], tokens[0]}, new long[] {12, 10}, 1);
                found = guessed.decode(rest, true);
                assertSame(expected, 3, found, 0, 0, tolerance);
                assertSame(expected, 1, found, 0, 1, tolerance);
                int[] all27 = Arrays.copyOfRange(tokens, 2, 29);
                found = guessed.verify(
                        greedy(new long[] {tokens[3], tokens[1]}, new long[] {13, 11}, 28),
                        List.of(new int[0], all27),
                        true);
                for (int step = 0; step < 28; step++) assertSame(expected, 2 + step, found, step, 1, tolerance);
                assertSame(expected, 4, found, 0, 0, tolerance);
            }
        }
    }

    private static void assertSame(
            DecodedTokens expected, int expectedStep, DecodedTokens found, int step, int slot, float tolerance) {
        assertEquals(expected.token(expectedStep, slot), found.token(step, slot));
        assertEquals(expected.logprob(expectedStep, slot), found.logprob(step, slot), tolerance);
        assertEquals(expected.rawLogprob(expectedStep, slot), found.rawLogprob(step, slot), tolerance);
        assertEquals(expected.processedLogprob(expectedStep, slot), found.processedLogprob(step, slot), tolerance);
    }

    @Test
    void guessesMustFitTheRequest() {
        try (DecodingWeights weights = weights(1);
                DecodingSession session = session(weights)) {
            DecodeRequest one = greedy(new long[] {1, 1}, new long[] {0, 0}, 1);
            List<int[]> tooMany = List.of(new int[] {3}, new int[0]);
            assertThrows(IllegalArgumentException.class, () -> session.verify(one, tooMany, false));
            DecodeRequest forced =
                    new DecodeRequest(new long[] {1}, new long[] {0}, new float[2], new boolean[1], new long[] {5, -1});
            assertThrows(IllegalArgumentException.class, () -> session.verify(forced, List.of(new int[] {3}), false));
        }
    }
}
