package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known false accepts of other graders, answers that are too large to compute, and random text. */
class AdversarialAnswersTest {
    private static final long LIMIT_NANOS = 1_000_000_000L;

    @ParameterizedTest(name = "{1} is not {0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "2^{10000000}; 2^{10000001}",
                "9^{9^{9^9}}; 9^{9^{9^8}}",
                "0; 10^{-999999999}",
                "0; 10^{-300}",
                "262537412640768744; e^{\\pi\\sqrt{163}}",
                "\\frac{1}{2004!}; \\frac{1}{2006!}",
                "\\frac{1}{2^{99}}; \\frac{1}{2^{98}}",
                "0; 3x+4y+14=0",
                "4; 4\\sqrt{2}",
                "1 - \\frac{1}{e}; 1 + \\frac{1}{e}",
                "3^{50000}; 3^{50000}+1",
                "10^{60}; 10^{60}+\\sqrt{2}-\\sqrt{2}+1",
                "\\pi; \\pi+10^{-50}",
                "1; \\tanh(1000)",
                "0; \\pi\\cdot 10^{60}+1-\\pi\\cdot 10^{60}",
                "5; 1, 2, 3, 4, 5, 6, 7, 8, 9",
                "5; 5 \\text{ or } 6",
                "5; [0, 10]",
                "5; x",
                "5; \\pm 5",
                "x; x + 0 \\cdot \\sqrt{-1-x^2}",
                "1; \\frac{0}{0}",
                "5; 5 \\infty",
            })
    void isNotEqual(String reference, String answer) {
        assertFalse(MathAnswers.judge(reference, answer).equal());
    }

    @Test
    void rootsOfAQuotientAreQuotientsOfRoots() {
        assertTrue(MathAnswers.judge("\\sqrt{\\frac{1}{n}}", "\\frac{1}{\\sqrt{n}}")
                .equal());
        assertTrue(MathAnswers.judge("\\frac{1}{\\sqrt{n}}", "\\sqrt{1/n}").equal());
    }

    @Test
    void numbersTooLargeToComputeAreRefusedInTime() {
        for (String monster : List.of(
                "9".repeat(3000),
                "{".repeat(3000),
                "(".repeat(3000),
                "\\frac".repeat(700) + "1",
                "\\sqrt".repeat(700) + "2",
                "-".repeat(3500) + "1",
                "\\text{".repeat(600) + "2" + "}".repeat(600),
                "x^".repeat(1500) + "2",
                "!".repeat(3000),
                "1" + "%".repeat(1400),
                "1" + "/1".repeat(700),
                "3000!!!!",
                "((3000!)!)!",
                "\\binom{1000000000}{500000000}",
                "\\binom{10000000}{5000000}",
                "2^{2^{2^{2^{2^2}}}}",
                "9^{9^9}",
                "x^{x^{x^{x^x}}}",
                "(x+y+z)^{9999}",
                "\\sin".repeat(500) + "1",
                "\\sin(".repeat(50) + "1" + ")".repeat(50),
                "(" + "x+".repeat(700) + "1)^{500}",
                "1/7^{99}+".repeat(150) + "1",
                "\\{" + "\\sqrt{2},".repeat(400) + "1\\}",
                "\\{" + "\\sqrt{2}+x,".repeat(55) + "1\\}",
                "\\begin{pmatrix}" + "x & ".repeat(300) + "1\\end{pmatrix}",
                "[0,1]" + "\\cup[0,1]".repeat(150),
                "0." + "1".repeat(3000),
                "0.\\overline{" + "1234567890".repeat(290) + "}",
                "1e9999",
                "1" + ",000".repeat(900),
                "\\pm 1".repeat(300),
                "\\boxed{".repeat(500) + "1",
                "x=".repeat(700) + "1",
                "1:".repeat(700) + "1",
                "|".repeat(1000),
                "\\sum_{n=1}^{99999999} n^{n^n}",
                "\\arctan(\\exp(\\sin(\\ln(x^2+1))))".repeat(12)))
            for (String other : List.of("2", monster + "+1", "\\{1,2\\}", "x^2+1")) {
                assertInTime(monster, other);
                assertInTime(other, monster);
                assertFalse(MathAnswers.judge(other, monster).equal() && other.equals("2"), monster);
            }
    }

    @Test
    void randomTextNeitherThrowsNorTakesLong() {
        List<CorpusTest.Pair> pairs = CorpusTest.Pair.all();
        Random random = new Random(2024);
        long heap = heapAfterCollection();
        for (int i = 0; i < 10_000; i++) {
            CorpusTest.Pair pair = pairs.get(random.nextInt(pairs.size()));
            String rubbish = i % 2 == 0 ? Rubbish.random(random) : Rubbish.mutated(pair.answer(), pairs, random);
            assertInTime(pair.reference(), rubbish);
            if (i % 10 == 0) assertInTime(rubbish, pair.answer());
        }
        long grown = heapAfterCollection() - heap;
        assertTrue(grown < 32L << 20, "heap grew by " + grown + " bytes");
    }

    @Test
    void fourThreadsAgreeWithOne() throws Exception {
        List<CorpusTest.Pair> pairs = CorpusTest.Pair.all();
        Callable<List<String>> all = () -> pairs.stream()
                .map(pair -> MathAnswers.judge(pair.reference(), pair.answer()).rule())
                .toList();
        List<String> alone = all.call();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            for (Future<List<String>> result : pool.invokeAll(List.of(all, all, all, all)))
                assertEquals(alone, result.get());
        } finally {
            pool.shutdownNow();
        }
    }

    static void assertInTime(String reference, String answer) {
        long start = System.nanoTime();
        MathAnswers.judge(reference, answer);
        long nanos = System.nanoTime() - start;
        if (nanos < LIMIT_NANOS) return;
        start = System.nanoTime(); // once more: the machine may have been busy
        MathAnswers.judge(reference, answer);
        nanos = Math.min(nanos, System.nanoTime() - start);
        assertTrue(nanos < LIMIT_NANOS, nanos / 1_000_000 + " ms for " + reference + " against " + answer);
    }

    private static long heapAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
