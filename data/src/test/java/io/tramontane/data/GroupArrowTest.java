package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupArrowTest {
    private static final Problem MATHS =
            Problem.math("p/1", "de", "Wie viel ist 2+2? 🧮", "4", Map.of("level", 1, "nested", List.of(1, "a", true)));
    private static final Problem CODE = Problem.code(
            "p/2",
            "zh",
            "输出 n",
            Problem.CodeLanguage.CPP,
            List.of(new Problem.TestCase("1\n", "1\n"), new Problem.TestCase("", "")),
            Map.of());

    private static Completion completion(float... logprobs) {
        int[] tokens = new int[logprobs.length];
        int[] versions = new int[logprobs.length];
        for (int i = 0; i < logprobs.length; i++) {
            tokens[i] = 1000 + i;
            versions[i] = 3 + i / 2;
        }
        return new Completion(tokens, logprobs, versions, logprobs.length > 2, "text of " + logprobs.length + " é");
    }

    private static Group group(long id, Problem problem, Completion... completions) {
        return new Group(id, problem, new int[] {7, 8, (int) id}, List.of(completions));
    }

    private static RewardBreakdown reward(double correctness) {
        Map<String, Double> extra = new LinkedHashMap<>();
        extra.put("politeness", 0.2);
        extra.put("brevity", -correctness);
        return new RewardBreakdown(
                0.1,
                correctness,
                -0.05,
                0.1,
                correctness > 0 ? extra : Map.of(),
                Verdict.CORRECT,
                "equal",
                "4",
                correctness > 0 ? new Evidence("tests", -7_000_000_000L, List.of(4, 0, 17), 2) : Evidence.NONE,
                List.of("de", "de", "und"),
                1.25);
    }

    private static Batch batch() {
        Group first = group(4_000_000_000L, MATHS, completion(-0.1f, -2.5f, -1e-30f), completion());
        Group second = group(9, CODE, completion(-1f));
        return new Batch(
                42,
                List.of(
                        new ScoredGroup(first, List.of(reward(0.9), reward(0))),
                        new ScoredGroup(second, List.of(reward(0.9)))));
    }

    private static void assertSame(Group expected, Group found) {
        assertEquals(expected.id(), found.id());
        assertEquals(expected.problem(), found.problem());
        assertArrayEquals(expected.promptTokens(), found.promptTokens());
        assertEquals(expected.completions().size(), found.completions().size());
        for (int i = 0; i < expected.completions().size(); i++) {
            Completion a = expected.completions().get(i);
            Completion b = found.completions().get(i);
            assertArrayEquals(a.tokens(), b.tokens());
            assertArrayEquals(bits(a.behaviourLogprobs()), bits(b.behaviourLogprobs()));
            assertArrayEquals(a.versions(), b.versions());
            assertArrayEquals(a.chosen(), b.chosen());
            assertArrayEquals(a.marks(), b.marks());
            assertEquals(a.finished(), b.finished());
            assertEquals(a.text(), b.text());
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }

    private static void assertSame(Batch expected, Batch found) {
        assertEquals(expected.step(), found.step());
        assertEquals(expected.groups().size(), found.groups().size());
        for (int i = 0; i < expected.groups().size(); i++) {
            assertSame(expected.groups().get(i).group(), found.groups().get(i).group());
            assertEquals(
                    expected.groups().get(i).rewards(), found.groups().get(i).rewards());
        }
    }

    @Test
    void aResponseMaskAndThePlacesOfMarksTravelWhereThereAreAny() {
        Completion plain = completion(-1f, -2f, -3f);
        Completion whole = new Completion(
                plain.tokens(),
                plain.behaviourLogprobs(),
                plain.versions(),
                new boolean[] {true, true, true},
                new int[0],
                true,
                "x");
        assertNull(whole.chosen()); // it hides nothing
        Completion masked = new Completion(
                plain.tokens(),
                plain.behaviourLogprobs(),
                plain.versions(),
                new boolean[] {true, false, true},
                new int[] {0, 4},
                true,
                "text of it");
        assertEquals(2, masked.chosenTokens());
        Group group = group(5, MATHS, plain, masked, whole);
        assertSame(
                group, GroupArrow.fromBytes(GroupArrow.toBytes(List.of(group))).get(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Completion(
                        plain.tokens(),
                        plain.behaviourLogprobs(),
                        plain.versions(),
                        null,
                        new int[] {11},
                        true,
                        "text of it"));
    }

    @Test
    void groupsComeBackFromBytesAsTheyWere() {
        List<Group> groups = batch().groups().stream().map(ScoredGroup::group).toList();
        List<Group> found = GroupArrow.fromBytes(GroupArrow.toBytes(groups));
        assertEquals(2, found.size());
        assertSame(groups.get(0), found.get(0));
        assertSame(groups.get(1), found.get(1));
    }

    @Test
    void oddFloatsKeepTheirBits() {
        float oddNan = Float.intBitsToFloat(0x7FC12345);
        Group group = group(1, MATHS, completion(-0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, oddNan, -0.33333334f));
        assertSame(
                group, GroupArrow.fromBytes(GroupArrow.toBytes(List.of(group))).get(0));
    }

    @Test
    void scoredGroupsComeBackWithTheirRewards() {
        List<ScoredGroup> found = GroupArrow.scoredFromBytes(GroupArrow.scoredToBytes(batch().groups()));
        assertSame(batch(), new Batch(42, found));
    }

    @Test
    void noGroupsAreNoGroups() {
        assertEquals(List.of(), GroupArrow.fromBytes(GroupArrow.toBytes(List.of())));
        assertEquals(List.of(), GroupArrow.scoredFromBytes(GroupArrow.scoredToBytes(List.of())));
        assertSame(new Batch(3, List.of()), BatchArrow.fromBytes(BatchArrow.toBytes(new Batch(3, List.of()))));
    }

    @Test
    void manyLongCompletionsFit() {
        float[] logprobs = new float[5000];
        Arrays.fill(logprobs, -0.5f);
        Completion[] completions = new Completion[64];
        Arrays.fill(completions, completion(logprobs));
        Group group = group(1, MATHS, completions);
        assertSame(
                group, GroupArrow.fromBytes(GroupArrow.toBytes(List.of(group))).get(0));
    }

    @Test
    void aBatchComesBackFromBytesAndFromAFile(@TempDir Path folder) throws IOException {
        assertSame(batch(), BatchArrow.fromBytes(BatchArrow.toBytes(batch())));
        Path file = folder.resolve(BatchArrow.fileName(42));
        assertEquals("step-000042.arrow", file.getFileName().toString());
        BatchArrow.write(file, batch());
        assertSame(batch(), BatchArrow.read(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aFileCutAnywhereGivesOneLineThatNamesIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("step.arrow");
        BatchArrow.write(file, batch());
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 97) {
            Files.write(file, Arrays.copyOf(whole, length));
            String message = assertThrows(BadInputException.class, () -> BatchArrow.read(file))
                    .getMessage();
            assertTrue(message.startsWith(file + ": not a whole batch record: "), message);
            assertFalse(message.contains("\n"), message);
        }
    }

    @Test
    void aChangedByteIsNeverReadAsAnotherBatch(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("step.arrow");
        BatchArrow.write(file, batch());
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int at = 0; at < whole.length; at += 37) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x11;
            Files.write(file, changed);
            try {
                assertSame(batch(), BatchArrow.read(file)); // padding, or metadata that nobody reads
            } catch (BadInputException e) {
                refused++;
            }
        }
        assertTrue(refused > 15, "refused " + refused);
    }

    @Test
    void wrongBytesAreRefusedWithAReason() {
        byte[] bytes = GroupArrow.toBytes(List.of(batch().groups().get(0).group()));
        assertThrows(IllegalArgumentException.class, () -> GroupArrow.fromBytes(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> GroupArrow.fromBytes(Arrays.copyOf(bytes, 700)));
        String message = assertThrows(IllegalArgumentException.class, () -> GroupArrow.scoredFromBytes(bytes))
                .getMessage();
        assertTrue(message.endsWith("column format is missing: groups are not scored"), message);
    }

    @Test
    void aGroupWithoutCompletionsHasNoRows() {
        Group empty = group(5, MATHS);
        String message = assertThrows(IllegalArgumentException.class, () -> GroupArrow.toBytes(List.of(empty)))
                .getMessage();
        assertEquals("group 5 has no completions", message);
    }
}
