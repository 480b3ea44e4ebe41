package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem.Compare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputComparatorTest {
    private static boolean same(String expected, String printed) {
        return OutputComparator.same(expected, printed, Compare.AUTO);
    }

    @Test
    void blanksAtLineEndsAndEmptyLinesAtTheEndDoNotMatter() {
        assertTrue(same("1 2\n3\n", "1 2 \r\n3\n\n\n"));
        assertTrue(same("", "\n"));
        assertTrue(same("1  2", "1 2"));
        assertTrue(same("  #\n # #\n", "  #  \n # #\n \n"));
    }

    @Test
    void linesCount() {
        assertFalse(same("1\n2", "1 2"));
        assertFalse(same("1\n2", "1\n2\n3"));
        assertFalse(same("1\n2", "1"));
        assertFalse(same("1\n\n2", "1\n2"));
        assertFalse(same("1\n2", "1\n\n2"));
    }

    @Test
    void emptyLinesAtTheStartDoNotMatter() {
        assertTrue(same("1\n2", "\n1\n2"));
        assertTrue(same("\n1\n2", "1\n2"));
        assertTrue(same("\n\nYES\n", " \n\r\n\nYES"));
        assertTrue(same("\n", ""));
        assertTrue(same("a b c\n", "\n\na  b c"));
        assertFalse(same("\n5", "\n6"));
        assertFalse(same("5", "\n5\n\n6"));
        assertFalse(same("\n  #\n # #", "  #\n # #")); // the first row of a figure may be empty
        assertFalse(same("  #\n # #", "\n  #\n # #"));
        assertTrue(same("\n  #\n # #", "\n  #\n # #\n"));
    }

    @Test
    void orderCaseAndRepetitionCount() {
        assertFalse(same("1 2", "2 1"));
        assertFalse(same("YES", "yes"));
        assertFalse(same("1 1", "1"));
    }

    @Test
    void integersAreExact() {
        assertFalse(same("50000000000000000", "50000000000000001"));
        assertFalse(same("1000000", "1000000.4"));
        assertTrue(same("7", "7.0"));
        assertTrue(same("7", "+7"));
        assertTrue(same("0", "-0"));
    }

    @Test
    void decimalsHaveATolerance() {
        assertTrue(same("0.333333", "0.3333333333"));
        assertFalse(same("0.333333", "0.33334"));
        assertTrue(same("1000000.0", "1000000.9")); // relative 9e-7
        assertFalse(same("1000000.0", "1000001.1")); // relative 1.1e-6
        assertTrue(same("0.5", ".5"));
        assertTrue(same("-.5", "-0.50"));
    }

    @ParameterizedTest
    @CsvSource({
        "00000101, 101",
        "101, 00000101",
        "007, 7",
        "7, 007",
        "000, 0",
        "0, 00",
        "09 05, 9 5",
        "00.5, 0.5",
        "1 01 001, 1 1 1",
        "-05, -5",
        "0101.0, 101.0",
        "+7, 7",
        "+1 -2, 1 -2",
        "08123456789, 8123456789",
        "00, 0.0"
    })
    void digitsWithLeadingZerosAndSignsThatAreShownAreText(String expected, String printed) {
        assertFalse(same(expected, printed));
        assertTrue(same(expected, expected));
        assertTrue(OutputComparator.same(expected, printed, Compare.VALUES)); // the problem says that values count
    }

    @ParameterizedTest
    @CsvSource({
        "7.637495090348122E7, 76374950.90348122",
        "0.0000100000, 1e-05",
        "10000000000000000.0, 1e+16",
        "1e5, 100000",
        "100000, 1e5",
        "100000, 1E+05",
        "1E-05, 0.00001",
        "1.0E-5, 1e-05",
        "-2.5e3, -2500",
        "1e-10, 0.0000000001",
        "0.0, 0.000000e+00",
        "1e+18, 1000000000000000000",
        "2.0e0, 2",
        "1.5E3 2, 1500 2.0",
        "1e308, 1E308"
    })
    void exponentsAreNumbers(String expected, String printed) {
        assertTrue(same(expected, printed));
    }

    @ParameterizedTest
    @CsvSource({
        "1e5, 100001",
        "123456789, 1.23457e+08",
        "100001, 1e5",
        "1e5, 1e6",
        "1e-05, 1e-04",
        "1e5, 1e",
        "1e5, e5",
        "12e4, 120000", // hexadecimal, or an identifier
        "00e1, 0",
        "1e5, 1e5.0",
        "1.0, 1e99999",
        "1e5, 0x186a0",
        "7.637495090348122E7, 7.638E7"
    })
    void otherValuesAndOtherTextStayApart(String expected, String printed) {
        assertFalse(same(expected, printed));
    }

    @Test
    void strangeNumbersAreText() {
        assertFalse(same("16", "0x10"));
        assertFalse(same("1.0", "NaN"));
        assertFalse(same("1.0", "1.0" + "0".repeat(10_000)));
        assertFalse(same("1.0", "1e" + "9".repeat(10_000)));
        assertTrue(same("nan inf", "nan inf"));
    }

    @Test
    void theProblemCanSayThatEverythingCounts() {
        assertFalse(OutputComparator.same("1.50", "1.5", Compare.TEXT));
        assertFalse(OutputComparator.same("1 2", "1  2", Compare.TEXT));
        assertFalse(OutputComparator.same("7", "7.0", Compare.TEXT));
        assertFalse(OutputComparator.same("a", " a", Compare.TEXT));
        assertFalse(OutputComparator.same("a", "\na", Compare.TEXT));
        assertTrue(OutputComparator.same("a  b\n", "a  b \r\n\n", Compare.TEXT));
    }

    @Test
    void theProblemCanSayThatOnlyValuesCount() {
        assertTrue(OutputComparator.same("  #\n # #", "#\n# #", Compare.VALUES));
        assertTrue(OutputComparator.same("Name   Age", "Name Age", Compare.VALUES));
        assertFalse(OutputComparator.same("  #\n # #", "#\n##", Compare.VALUES));
        assertEquals(false, OutputComparator.same("007", "8", Compare.VALUES));
    }
}
