package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestDrawTest {
    @Test
    void theSameGroupAlwaysMeetsTheSameTests() {
        assertEquals(TestDraw.of(problem(50), 20, 7, 3), TestDraw.of(problem(50), 20, 7, 3));
    }

    @Test
    void anotherGroupProblemOrRunMeetsOthers() {
        List<Integer> here = TestDraw.of(problem(50), 20, 7, 3).numbers();
        assertNotEquals(here, TestDraw.of(problem(50), 20, 7, 4).numbers());
        assertNotEquals(here, TestDraw.of(problem(50), 20, 8, 3).numbers());
    }

    @Test
    void testsAreDrawnWithoutRepetitionAndShortInputsComeFirst() {
        TestDraw draw = TestDraw.of(problem(50), 20, 7, 3);
        assertEquals(20, new HashSet<>(draw.numbers()).size());
        List<Integer> sizes = draw.tests().stream().map(t -> t.stdin().length()).toList();
        assertEquals(sizes.stream().sorted().toList(), sizes);
        assertEquals(
                "in" + "x".repeat(draw.numbers().get(0)), draw.tests().get(0).stdin());
    }

    @Test
    void everyTestIsDrawnSometimes() {
        HashSet<Integer> seen = new HashSet<>();
        for (int group = 0; group < 60; group++)
            seen.addAll(TestDraw.of(problem(50), 20, 7, group).numbers());
        assertEquals(50, seen.size()); // missing one has a chance of 50 * 0.6^60, 2e-12
    }

    @Test
    void fewTestsAreAllTaken() {
        assertEquals(List.of(0, 1, 2), TestDraw.of(problem(3), 20, 7, 3).numbers());
    }

    private static Problem problem(int tests) {
        List<TestCase> cases = IntStream.range(0, tests)
                .mapToObj(i -> new TestCase("in" + "x".repeat(i), "out" + i))
                .toList();
        return Problem.code("p", "en", "Do it.", CodeLanguage.PYTHON, cases, Map.of());
    }
}
