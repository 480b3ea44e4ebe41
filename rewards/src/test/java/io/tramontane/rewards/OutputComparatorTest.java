package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutputComparatorTest {
    @Test
    void blanksAtLineEndsAndEmptyLinesAtTheEndDoNotMatter() {
        assertTrue(OutputComparator.same("1 2\n3\n", "1 2 \r\n3\n\n\n"));
        assertTrue(OutputComparator.same("", "\n"));
        assertTrue(OutputComparator.same("1  2", "1 2"));
    }

    @Test
    void linesCount() {
        assertFalse(OutputComparator.same("1\n2", "1 2"));
        assertFalse(OutputComparator.same("1\n2", "1\n2\n3"));
        assertFalse(OutputComparator.same("1\n2", "1"));
        assertFalse(OutputComparator.same("1\n2", "\n1\n2"));
    }

    @Test
    void orderCaseAndRepetitionCount() {
        assertFalse(OutputComparator.same("1 2", "2 1"));
        assertFalse(OutputComparator.same("YES", "yes"));
        assertFalse(OutputComparator.same("1 1", "1"));
    }

    @Test
    void integersAreExact() {
        assertFalse(OutputComparator.same("50000000000000000", "50000000000000001"));
        assertFalse(OutputComparator.same("1000000", "1000000.4"));
        assertTrue(OutputComparator.same("7", "7.0"));
        assertTrue(OutputComparator.same("7", "+7"));
    }

    @Test
    void decimalsHaveATolerance() {
        assertTrue(OutputComparator.same("0.333333", "0.3333333333"));
        assertFalse(OutputComparator.same("0.333333", "0.33334"));
        assertTrue(OutputComparator.same("1000000.0", "1000000.9")); // relative 9e-7
        assertFalse(OutputComparator.same("1000000.0", "1000001.1")); // relative 1.1e-6
    }

    @Test
    void strangeNumbersAreText() {
        assertFalse(OutputComparator.same("1.0", "1e0"));
        assertFalse(OutputComparator.same("16", "0x10"));
        assertFalse(OutputComparator.same("1.0", "NaN"));
        assertFalse(OutputComparator.same("1.0", "1.0" + "0".repeat(10_000)));
    }
}
