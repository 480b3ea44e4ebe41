package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem.Compare;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected outputs whose blanks mean something, and others. What is printed has the same tokens with single blanks. */
class LayoutTest {
    static Stream<String> laidOut() {
        return Stream.of(
                "  #\n # #\n# # #\n",
                "   1   1 1\n     1 0 0 1\n +   1 0 1 1\n", // column addition
                "    1\n   1 1\n  1 2 1\n", // Pascal
                " *\n* *\n", // one blank, but not everywhere
                "*\n *\n  *\n",
                "  1\n 10\n100\n",
                " 9\n10\n",
                "  1\n 1 1\n",
                "  1  2\n 10 20\n", // %3d
                " 1 10\n22  3\n", // ends below each other
                "10 5\n7  5\n", // starts below each other
                " 1 2\n10 3\n",
                "Name    Age\nAnn     7\n",
                "hello  world\n", // text that is to be kept
                "if x:\n    y\n",
                "if x:\n\ty\n",
                "| a  | b |\n| cc | d |\n",
                "/\\\n \\/\n",
                "     right\n",
                "x  .\n.  x\n",
                "- a\n  - b\n",
                "007  8\n");
    }

    static Stream<String> separatedSomehow() {
        return Stream.of(
                "1 2 3\n",
                "1  2\n",
                "                    1842\n", // as CodeContests has it
                "  1  2  3\n  4  5  6\n",
                "  7\n  8\n",
                "1  2  3\n4  5  6\n",
                "1   22 333\n",
                " 1 2 3\n",
                " 1\n 2\n 3\n",
                " a b\n c d\n", // all lines begin with one
                "1 2 3\n 4 5 6\n 7 8 9\n",
                "1  22\n333  4\n",
                "YES\n1  2\n",
                "a b\nc d\n",
                "10\n9\n8\n",
                "0.5  1.25\n",
                "-1  1e5\n",
                "a\tb\n",
                "",
                "\n\n1 2\n");
    }

    private static String single(String text) {
        return text.replaceAll("(?m)^[ \t]+", "").replaceAll("[ \t]+", " ");
    }

    @ParameterizedTest
    @MethodSource("laidOut")
    void whereBlanksMeanSomethingTheyCount(String expected) {
        assertFalse(OutputComparator.same(expected, single(expected), Compare.AUTO));
        assertFalse(OutputComparator.same(expected, expected.replace(" ", "  ").replace("\t", " "), Compare.AUTO));
        assertTrue(OutputComparator.same(expected, expected.replace("\n", "  \r\n"), Compare.AUTO));
        assertTrue(OutputComparator.same(expected, single(expected), Compare.VALUES));
    }

    @ParameterizedTest
    @MethodSource("separatedSomehow")
    void whereTheyOnlySeparateTheyDoNot(String expected) {
        assertTrue(OutputComparator.same(expected, single(expected), Compare.AUTO));
        assertTrue(OutputComparator.same(expected, " " + expected.replace(" ", "   "), Compare.AUTO));
    }
}
