package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PackedSequences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static ScoredGroup group(long id, int prompt, int... lengths) {
        List<Completion> completions = new ArrayList<>();
        for (int length : lengths)
            completions.add(new Completion(new int[length], new float[length], new int[length], true, ""));
        Problem problem = Problem.math("p" + id, "en", "?", "1", Map.of());
        return new ScoredGroup(
                new Group(id, problem, new int[prompt], completions),
                completions.stream().map(c -> TinyGroups.reward(0)).toList());
    }

    private static List<Integer> sizes(List<ScoredGroup> groups, int budget) {
        double[][] advantages =
                groups.stream().map(g -> new double[g.rewards().size()]).toArray(double[][]::new);
        return Packing.pack(groups, advantages, budget, 1).get(0).stream()
                .map(m -> m.promptGroups().stream().mapToInt(f -> f.tokens()).sum())
                .toList();
    }

    @Test
    void thePromptIsCountedOnceForAGroupThatFits() {
        // 10 + 20 + 30 + 40 = 100 tokens, one microbatch
        assertEquals(List.of(100), sizes(List.of(group(1, 10, 20, 30, 40)), 100));
    }

    @Test
    void aGroupThatDoesNotFitIsCutLongestFirstAndPaysItsPromptAgain() {
        // longest first: 10 + 40 = 50 (30 more would be 80 > 70); then 10 + 30 + 20 = 60
        assertEquals(List.of(60, 50), sizes(List.of(group(1, 10, 20, 30, 40)), 70));
    }

    @Test
    void firstFitDecreasing() {
        // pieces 60, 50, 30, 20 into bins of 80: 60 | 50 | 50+30 | 60+20
        List<ScoredGroup> groups = List.of(group(1, 10, 10), group(2, 10, 50), group(3, 10, 20), group(4, 10, 40));
        assertEquals(List.of(80, 80), sizes(groups, 80));
    }

    @Test
    void aCompletionLongerThanTheBudgetGetsAMicrobatchOfItsOwn() {
        assertEquals(List.of(110, 30), sizes(List.of(group(1, 10, 100, 20)), 50));
    }

    /** Nothing is padded where a sequence is long, so only tokens count. */
    @Test
    void longAndShortCompletionsAreComputedTogether() {
        int[] lengths = new int[16];
        Arrays.fill(lengths, 300);
        lengths[0] = 8192;
        assertEquals(List.of(200 + 8192 + 15 * 300), sizes(List.of(group(1, 200, lengths)), 16384));
        Packing.Cut cut = Packing.cut(1, 200, lengths, 16384);
        // the prompt sees 200 x 201 / 2 pairs; a completion of n its prompt, 200 n, and itself, n (n + 1) / 2
        assertEquals(20100 + 200 * 8192 + 8192 * 8193 / 2 + 15 * (200 * 300 + 300 * 301 / 2), cut.pairs());
    }

    @Test
    void lengthsAsARecipeDrawsThemStayTogether() {
        // 60 + (30 + 40 + ... + 180) = 1740
        int[] lengths = new int[16];
        for (int i = 0; i < 16; i++) lengths[i] = 30 + 10 * i;
        assertEquals(List.of(1740), sizes(List.of(group(1, 60, lengths)), 2000));
    }

    @Test
    void theTokensThatWereSampledAreTheTokensOfTheForwardPass() {
        List<ScoredGroup> groups = TinyGroups.groups(5, 3);
        double[][] advantages = new double[5][4];
        List<String> sampled = new ArrayList<>();
        for (ScoredGroup group : groups)
            for (Completion completion : group.group().completions())
                sampled.add(Arrays.toString(group.group().promptTokens()) + Arrays.toString(completion.tokens()));
        List<String> packed = new ArrayList<>();
        for (Microbatch micro : Packing.pack(groups, advantages, 25, 1).get(0)) packed.addAll(sequences(micro));
        Collections.sort(sampled);
        Collections.sort(packed);
        assertEquals(sampled, packed);
    }

    /** Prompt and completion of every sequence, as the index arrays of the packed form tell them. */
    private static List<String> sequences(Microbatch micro) {
        PackedSequences all = PackedSequences.of(micro.promptGroups());
        List<String> sequences = new ArrayList<>();
        int at = 0;
        int predicted = 0;
        for (PackedSequences.PromptGroup promptGroup : micro.promptGroups()) {
            int[] prompt = ints(all.tokens(), at, promptGroup.promptTokens().length);
            at += prompt.length;
            for (int[] completion : promptGroup.completions()) {
                int[] tokens = ints(all.tokens(), at, completion.length);
                assertArrayEquals(tokens, ints(all.target(), predicted, completion.length));
                sequences.add(Arrays.toString(prompt) + Arrays.toString(tokens));
                at += completion.length;
                predicted += completion.length;
            }
        }
        return sequences;
    }

    private static int[] ints(long[] from, int start, int count) {
        return Arrays.stream(from, start, start + count)
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Test
    void whatAPlanSaysOfEqualLengthsIsWhatIsPacked() {
        // budget, groups, completions, prompt, length
        for (int[] of : new int[][] {
            {1000, 2, 8, 40, 60},
            {1000, 1, 1, 10, 990},
            {700, 3, 4, 30, 300},
            {100, 5, 3, 70, 30},
            {4096, 8, 16, 80, 176}
        }) {
            int[] lengths = new int[of[2]];
            Arrays.fill(lengths, of[4]);
            List<ScoredGroup> groups = new ArrayList<>();
            for (int g = 0; g < of[1]; g++) groups.add(group(g, of[3], lengths));
            List<Integer> packed = sizes(groups, of[0]);
            long tokens = packed.stream().mapToInt(n -> n).sum();
            Packing.Cut cut = Packing.cut(of[1], of[2], of[3], of[4], of[0]);
            assertEquals(packed.size(), cut.microbatches(), "" + of[0]);
            assertEquals(tokens, cut.tokens(), "" + of[0]);
        }
        // a group of 40 + 8 x 60 = 520 tokens fits, two do not; 9 segments of 60 see 100 keys each
        assertEquals(new Packing.Cut(2, 1040, 2 * 9 * 60 * 100), Packing.cut(2, 8, 40, 60, 1000));
        assertEquals(
                new Packing.Cut(6, 3120, 6 * 9 * 60 * 100),
                Packing.cut(2, 8, 40, 60, 1000).times(3));
    }

    @Test
    void lengthsThatDifferArePaddedToTheLongest() {
        // 10 + 20 + 50 tokens; three segments of 50 see 60 keys each
        assertEquals(new Packing.Cut(1, 80, 3 * 50 * 60), Packing.cut(1, 10, new int[] {20, 50}, 1000));
    }
}
