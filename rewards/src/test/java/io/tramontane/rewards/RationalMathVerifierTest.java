package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.tramontane.data.RewardBreakdown.Verdict;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RationalMathVerifierTest {
    private final MathVerifier verifier = new RationalMathVerifier();

    @ParameterizedTest(name = "{1} is {0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "38; 38",
                "38; 38.0",
                "38; +38",
                "38; 038",
                "-5; -5",
                "-5; \u22125",
                "-5; --- 5",
                "0.5; \\frac{1}{2}",
                "\\frac12; 0.5",
                "\\frac{1}{2}; \\dfrac{2}{4}",
                "3/4; .75",
                "-\\frac{3}{4}; \\frac{-3}{4}",
                "-3/4; \\frac{3}{-4}",
                "1000; 1,000",
                "1000; 1{,}000",
                "1000; 1\\,000",
                "1000; 1\\!,000",
                "1000; 1 000",
                "1234567.5; 1,234,567.5",
                "1,000; 1000",
                "3.5; 3,5",
                "0.125; 0,125",
                "1000.99; 1000,99",
                "38; 38.",
                "38; $38$",
                "38; \\$38",
                "38; \\text{38}",
                "38; \\mathbf{38}",
                "38; 38\\text{ cm}",
                "38; 38\\,\\text{cm}^2",
                "38; 38\\ \\mathrm{km}/\\mathrm{h}",
                "90; 90^\\circ",
                "90; 90^{\\circ}",
                "50; 50\\%",
                "0.5; 50\\%",
                "50\\%; 0.5",
                "50\\%; 50",
                "50\\%; 50%",
                "38; x = 38",
                "x = 38; 38",
                "38; 7+31=38",
                "38; 7 + 31",
                "42; 6 \\cdot 7",
                "42; 6\\times 7",
                "1500; 1.5\\times10^{3}",
                "0.001; 10^{-3}",
                "8; 2^3",
                "-4; -2^2",
                "4; (-2)^2",
                "2.5; 2\\frac{1}{2}",
                "-2.5; -2\\frac12",
                "2.5; 2 1/2",
                "2.5; 2 \\tfrac{1}{2}",
                "4; \\sqrt{16}",
                "3/4; \\sqrt{\\frac{9}{16}}",
                "1/6; 1/2/3",
                "7; \\left( 3 + 4 \\right)",
                "3; \uFF13",
                "x+1; x + 1",
                "\\dfrac{x}{2}; \\frac{x}{2}",
                "5 \\text{ apples}; 5 \\text{ apples}",
            })
    void isEqual(String reference, String prediction) {
        assertEquals(Verdict.CORRECT, verifier.check(reference, prediction).verdict());
    }

    @ParameterizedTest(name = "{1} is not {0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "38; 39",
                "38; -38",
                "38; 3 8",
                "38; 3  8",
                "38; 3\\quad\\ 8",
                "38; 38, 39",
                "38; 38 or 39",
                "38; 37 \\text{ or } 38",
                "38; 38x",
                "38; x38",
                "38; \\{38\\}",
                "38; 38 + x",
                "38; 7+31=39",
                "38; 7+30=38",
                "38; x = y = 38",
                "12; 1,2",
                "1000; 1.000",
                "1000; 1,00",
                "1000; 0,000",
                "1,2; 1.2",
                "32349; 32, 349",
                "1/3; 0.33",
                "1/3; 0.3333333333333333",
                "0.5; 50",
                "50; 0.5",
                "5; 5\\text{ million}",
                "5; 5\\text{ Millionen}",
                "5; 5\\text{ 万}",
                "5; 5\\text{ }6",
                "5; \\text{about }5",
                "4; 2^{3}",
                "2; \\sqrt{2}",
                "5/2; 2\\frac{3}{2}",
                "2; 2\\frac{0}{2}",
                "1; 1/0",
                "0; \\frac{0}{0}",
                "0; 0^{-1}",
                "1; 0.9999999999",
                "0; 10^{-999}",
                "38; 3_8",
                "38; 38!",
                "38; |38|",
                "38; .",
                "38; ^",
                "38; \\frac",
                "38; {38",
                "38; 38}",
                "x+1; 1+x",
            })
    void isNotEqual(String reference, String prediction) {
        assertNotEquals(Verdict.CORRECT, verifier.check(reference, prediction).verdict());
    }

    @Test
    void whatCannotBeReadIsSaidToBeUnreadable() {
        assertEquals(Verdict.UNPARSEABLE, verifier.check("38", "many").verdict());
        assertEquals(Verdict.WRONG, verifier.check("38", "39").verdict());
    }

    @Test
    void hugeInputIsRefusedAndNotComputed() {
        assertTimeout(Duration.ofSeconds(2), () -> {
            assertWrong("1", "2^{10000000}");
            assertWrong("1", "10^{10^{10^{10}}}");
            assertWrong("1", "9".repeat(100_000));
            assertWrong("1", "(".repeat(900) + "1" + ")".repeat(900));
            assertWrong("1", "\\frac".repeat(190) + "1");
            assertWrong("1", "\\sqrt".repeat(190) + "2");
            assertWrong("1", "\\text{".repeat(140) + "2" + "}".repeat(140));
            assertWrong("1", "2^9".repeat(3) + "*9^{999}".repeat(100));
            assertWrong("2", "1" + "+1/7^{99}".repeat(100));
        });
    }

    @Test
    void noInputThrows() {
        Random random = new Random(1);
        String[] pieces = {
            "1", "0", ",", ".", " ", "\\frac", "\\sqrt", "{", "}", "(", ")", "^", "%", "=", "\\text", "x", "/", "-",
            "+", "*", "\\", "$", "\u4E07", "\\boxed", "\ud83d"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) text.append(pieces[random.nextInt(pieces.length)]);
            verifier.check("2", text.toString());
            verifier.check(text.toString(), "2");
        }
    }

    private void assertWrong(String reference, String prediction) {
        assertNotEquals(Verdict.CORRECT, verifier.check(reference, prediction).verdict());
    }
}
