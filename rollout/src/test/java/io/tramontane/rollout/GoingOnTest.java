package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was sampled in part goes on in another generator: three groups of four completions, six slots. */
class GoingOnTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 16, 4, 2, 8, 24, 19, 64, 10000, 1e-5, true, 0);

    /** Completions of groups 1, 2 and 3 have 19, 18 and 17 tokens, if they do not sample token 3 before. */
    private static final Stop STOP = new Stop(token -> token == 3, request -> 20 - (int) (request.id() % 7));

    private static WeightSnapshot weights(int version) {
        Random random = new Random(100 + version);
        WeightSnapshot weights = new WeightSnapshot(SHAPE, version);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((tensor.shape().length == 1 ? 1 : 0) + random.nextFloat() - 0.5f);
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    private static RolloutConfig config(OnSwap onSwap, boolean batchInvariant) {
        return new RolloutConfig(4, 6, 2, 12, 20, 1.0, 1.0, batchInvariant).withOnSwap(onSwap);
    }

    private static Generator generator(int version, RolloutConfig config) {
        return new Generator(weights(version), new Ids(SHAPE.vocabulary(), -1), config, 42, STOP);
    }

    private static CompletionRequest request(long id) {
        int[] prompt = new Random(id).ints(1 + 5 * (id - 1), 1, 19).toArray(); // 1, 6 and 11 tokens
        int[] opening = id == 2 ? new int[] {5, 6, 7} : new int[0];
        return CompletionRequest.of(id, prompt).samples(4).opening(opening).build();
    }

    private static void submitAll(Generator generator) {
        for (long id = 1; id <= 3; id++) generator.submit(request(id));
    }

    private static void steps(Generator generator, int most, List<CompletedRequest> into) {
        for (int i = 0; i < most && generator.live() > 0; i++) into.addAll(generator.step());
        into.sort(Comparator.comparingLong(done -> done.request().id()));
    }

    /** Version 1 comes after two calls, where it comes. */
    private static void begin(Generator generator, boolean swaps, int calls, List<CompletedRequest> into) {
        submitAll(generator);
        steps(generator, 2, into);
        if (swaps) generator.swap(weights(1));
        steps(generator, calls - 2, into);
    }

    private static List<CompletedRequest> uninterrupted(RolloutConfig config, boolean swaps) {
        List<CompletedRequest> done = new ArrayList<>();
        try (Generator generator = generator(0, config)) {
            begin(generator, swaps, 1000, done);
        }
        return done;
    }

    private static List<CompletedRequest> interrupted(RolloutConfig config, boolean swaps, int calls) {
        List<CompletedRequest> done = new ArrayList<>();
        List<CompletedRequest> begun;
        try (Generator generator = generator(0, config)) {
            begin(generator, swaps, calls, done);
            begun = generator.begun();
            assertEquals(3 - done.size(), begun.size());
        }
        try (Generator generator = generator(swaps ? 1 : 0, config)) {
            for (CompletedRequest each : begun) generator.submit(each.request(), each.completions());
            steps(generator, 1000, done);
            assertEquals(0, generator.live());
            assertEquals(6, generator.freeSlots());
        }
        return done;
    }

    private static void assertSame(List<CompletedRequest> expected, List<CompletedRequest> actual, float tolerance) {
        assertEquals(3, expected.size());
        assertEquals(3, actual.size());
        for (int group = 0; group < 3; group++)
            for (int i = 0; i < 4; i++) {
                Completion one = expected.get(group).completions().get(i);
                Completion other = actual.get(group).completions().get(i);
                assertArrayEquals(one.tokens(), other.tokens());
                assertArrayEquals(one.behaviourLogprobs(), other.behaviourLogprobs(), tolerance);
                assertArrayEquals(one.versions(), other.versions());
                assertArrayEquals(one.chosen(), other.chosen());
                assertEquals(one.finished(), other.finished());
                assertEquals(one.text(), other.text());
            }
    }

    @ParameterizedTest
    @CsvSource({"KEEP, false", "RECOMPUTE, false", "RECOMPUTE, true", "DRAIN, false"})
    void completionsGoOnAsIfTheyHadNotBeenInterrupted(OnSwap onSwap, boolean swaps) {
        RolloutConfig config = config(onSwap, false);
        List<CompletedRequest> expected = uninterrupted(config, swaps);
        for (int calls : new int[] {3, 9}) assertSame(expected, interrupted(config, swaps, calls), 1e-4f);
    }

    @Test
    void inBatchInvariantNumericsToTheBit() {
        RolloutConfig config = config(OnSwap.KEEP, true);
        assertSame(uninterrupted(config, false), interrupted(config, false, 7), 0);
    }

    @Test
    void tokensKeepTheVersionThatChoseThem() {
        List<CompletedRequest> done = interrupted(config(OnSwap.KEEP, false), true, 4);
        assertTrue(done.stream()
                .flatMap(group -> group.completions().stream())
                .anyMatch(c -> c.oldestVersion() == 0 && c.newestVersion() == 1));
    }

    @Test
    void aGroupThatHadBegunToItsEndIsCompleteAtOnce() {
        RolloutConfig config = config(OnSwap.KEEP, false);
        CompletedRequest whole = uninterrupted(config, false).get(1);
        try (Generator generator = generator(1, config)) {
            generator.submit(whole.request(), whole.completions());
            assertEquals(1, generator.live());
            assertEquals(6, generator.freeSlots());
            assertArrayEquals(
                    whole.completions().get(3).tokens(),
                    generator.begun().get(0).completions().get(3).tokens());
            CompletedRequest done = generator.step().get(0);
            assertArrayEquals(
                    whole.completions().get(3).tokens(),
                    done.completions().get(3).tokens());
            assertEquals(0, generator.live());
        }
    }

    @Test
    void moreThanThereAreSlotsForWaitForThem() {
        RolloutConfig wide = config(OnSwap.KEEP, false).withSlots(12);
        List<CompletedRequest> begun;
        try (Generator generator = generator(0, wide)) {
            submitAll(generator);
            generator.step();
            begun = generator.begun();
        }
        List<CompletedRequest> done = new ArrayList<>();
        try (Generator generator = generator(0, config(OnSwap.KEEP, false))) {
            for (CompletedRequest each : begun) generator.submit(each.request(), each.completions());
            steps(generator, 1000, done);
        }
        assertSame(uninterrupted(config(OnSwap.KEEP, false), false), done, 1e-4f);
    }

    @Test
    void whereSequencesAreFinishedFirstOneOfOlderWeightsStartsAgain() {
        RolloutConfig config = config(OnSwap.DRAIN, false);
        List<CompletedRequest> done = new ArrayList<>();
        List<CompletedRequest> begun;
        try (Generator generator = generator(0, config)) {
            submitAll(generator);
            steps(generator, 3, done);
            begun = generator.begun();
        }
        try (Generator generator = generator(1, config)) {
            for (CompletedRequest each : begun) generator.submit(each.request(), each.completions());
            steps(generator, 1000, done);
        }
        assertTrue(done.stream()
                .flatMap(group -> group.completions().stream())
                .allMatch(c -> c.oldestVersion() == c.newestVersion()));
    }

    @Test
    void aCancelledOneIsNotTold() {
        try (Generator generator = generator(0, config(OnSwap.KEEP, false))) {
            submitAll(generator);
            generator.step();
            generator.cancel(2);
            assertEquals(
                    List.of(1L, 3L),
                    generator.begun().stream().map(each -> each.request().id()).toList());
        }
    }

    @Test
    void aRequestWithStopStringsCannotGoOn() {
        CompletionRequest request =
                CompletionRequest.of(7, new int[] {1}).stopStrings(List.of("x")).build();
        Completion begun = new Completion(new int[] {4}, new float[] {-1}, new int[] {0}, false, "");
        try (Generator generator = generator(0, config(OnSwap.KEEP, false))) {
            assertThrows(IllegalArgumentException.class, () -> generator.submit(request, List.of(begun)));
            assertEquals(0, generator.live());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "prompt", "samples", "opening", "long"})
    void aGroupGoesOnOnlyWithWhatWasSampledForIt(String what) {
        Problem problem = Problem.math("p", "en", "1+1?", "2", Map.of());
        GroupRequest request = new GroupRequest(3, problem, new int[] {1, 2}, new int[] {5}, 2, false, 3);
        int length = what.equals("long") ? 4 : 3;
        int[] tokens = new int[length];
        tokens[0] = what.equals("opening") ? 6 : 5;
        Completion one = new Completion(tokens, new float[length], new int[length], false, "");
        List<Completion> begun = what.equals("samples") ? List.of(one) : List.of(one, one);
        Group group = new Group(3, problem, new int[] {1, what.equals("prompt") ? 3 : 2}, begun);
        Optional<GroupRequest> goingOn = request.goingOn(group);
        assertEquals(what.equals("same"), goingOn.isPresent());
    }
}
