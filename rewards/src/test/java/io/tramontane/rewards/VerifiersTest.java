package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VerifiersTest {
    private static final RewardConfig CONFIG =
            new RewardConfig(100, 20, List.of("en", "fr", "es", "it", "de", "zh", "ru"), 20, 4, 300, 10);
    private static final Problem APPLES = Problem.math(
            "apples", "de", "Anna hat 7 Äpfel. Sie findet 31 weitere. Wie viele Äpfel hat sie jetzt?", "38", Map.of());
    private static final Problem SUM = Problem.code(
            "sum",
            "en",
            "Print the sum of two numbers.",
            CodeLanguage.PYTHON,
            List.of(new TestCase("1 2", "3")),
            Map.of());
    private static final String GERMAN =
            "<think>Am Anfang hat Anna 7 Äpfel. Danach sind es 31 mehr, also 7+31=38.</think>";

    private final Verifiers verifiers = new Verifiers(CONFIG, 1, CodeEnvironment.closed("no bubblewrap here"));

    @Test
    void everythingRightIsWorthOnePointOne() {
        RewardBreakdown reward = score(GERMAN + "Die Antwort ist also \\boxed{38}.", 80);
        assertEquals(1.1, reward.reward().getAsDouble(), 1e-12);
        assertEquals(List.of("de", "de", "de"), reward.languages());
        assertEquals("38", reward.extracted());
        assertEquals("written like 38", reward.reason());
    }

    @Test
    void aWrongAnswerKeepsFormatAndLanguage() {
        RewardBreakdown reward = score(GERMAN + "Die Antwort ist also \\boxed{39}.", 80);
        assertEquals(Verdict.WRONG, reward.verdict());
        assertEquals(0.2, reward.reward().getAsDouble(), 1e-12);
    }

    @Test
    void thinkingInAnotherLanguageCostsTheBonus() {
        String english = "<think>At first Anna has 7 apples, then there are 31 more, so 7+31=38.</think>";
        RewardBreakdown reward = score(english + "Die Antwort ist also \\boxed{38}.", 80);
        assertEquals(List.of("de", "en", "de"), reward.languages());
        assertEquals(1.0, reward.reward().getAsDouble(), 1e-12);
    }

    @Test
    void lengthIsTakenOff() {
        // 90 tokens: 10 of the 20 before 100, so -0.1 * 10 / 20
        assertEquals(1.05, score(GERMAN + "\\boxed{38}", 90).reward().getAsDouble(), 1e-12);
        assertEquals(1.0, score(GERMAN + "\\boxed{38}", 200).reward().getAsDouble(), 1e-12);
    }

    @Test
    void aFailedGateIsZeroAndNothingElseIsGraded() {
        RewardBreakdown reward = score("Die Antwort ist also \\boxed{38}.", 200);
        assertEquals(Verdict.FORMAT_ERROR, reward.verdict());
        assertEquals(0.0, reward.reward().getAsDouble());
        assertEquals(0.0, reward.length());
        assertEquals("does not start with <think>", reward.reason());
    }

    @Test
    void rewardsKeepTheOrderOfTheTexts() {
        List<String> texts = List.of("x", GERMAN + "\\boxed{38}", GERMAN + "\\boxed{1}");
        List<Verdict> verdicts = verifiers.score(APPLES, 5, texts, new int[3]).stream()
                .map(RewardBreakdown::verdict)
                .toList();
        assertEquals(List.of(Verdict.FORMAT_ERROR, Verdict.CORRECT, Verdict.WRONG), verdicts);
    }

    @Test
    void textsAndLengthsMustBeAligned() {
        assertThrows(IllegalArgumentException.class, () -> verifiers.score(APPLES, 5, List.of("x"), new int[2]));
    }

    @Test
    void withoutASandboxCodeIsUnscoredAndMathsIsNot() {
        assertFalse(verifiers.codeAvailable());
        assertEquals("no bubblewrap here", verifiers.codeUnavailableReason());
        RewardBreakdown reward = scoreProgram(verifiers);
        assertEquals(Verdict.UNSCORED, reward.verdict());
        assertTrue(reward.reward().isEmpty());
        assertTrue(reward.reason().contains("no bubblewrap here"), reward.reason());
    }

    @Test
    void ourOwnFaultIsTriedAgainOnceAndThenUnscored() {
        AtomicInteger runs = new AtomicInteger();
        Sandbox broken = job -> {
            runs.incrementAndGet();
            return new Sandbox.Result(Sandbox.Ending.FAULT, -1, "broken", 0);
        };
        Verifiers unlucky = new Verifiers(CONFIG, 1, CodeEnvironment.of(CONFIG, broken));
        assertEquals(Verdict.UNSCORED, scoreProgram(unlucky).verdict());
        assertEquals(2, runs.get());
    }

    @Test
    void aFaultThatGoesAwayIsForgotten() {
        AtomicInteger runs = new AtomicInteger();
        Sandbox once = job -> {
            if (runs.incrementAndGet() == 1) return new Sandbox.Result(Sandbox.Ending.FAULT, -1, "broken", 0);
            new PrintStream(job.stdout(), true).print("3");
            return new Sandbox.Result(Sandbox.Ending.EXITED, 0, "", 0);
        };
        Verifiers lucky = new Verifiers(CONFIG, 1, CodeEnvironment.of(CONFIG, once));
        assertEquals(Verdict.CORRECT, scoreProgram(lucky).verdict());
    }

    @Test
    void wholeGroupsOfCodeAreScoredForReal() {
        SandboxForTests.open().close(); // skips without a sandbox
        try (Verifiers real = Verifiers.open(CONFIG, 1)) {
            assertTrue(real.codeAvailable(), real.codeUnavailableReason());
            RewardBreakdown reward = scoreProgram(real);
            assertEquals(1.1, reward.reward().getAsDouble(), 1e-12);
            assertTrue(reward.reason().startsWith("passed 1 tests (draw "), reward.reason());
        }
    }

    private RewardBreakdown score(String text, int tokens) {
        return verifiers.score(APPLES, 5, List.of(text), new int[] {tokens}).get(0);
    }

    private static RewardBreakdown scoreProgram(Verifiers verifiers) {
        String text = "<think>Read both numbers, then print their sum.</think>The program adds the two numbers:\n"
                + "```python\na, b = map(int, input().split())\nprint(a + b)\n```\n";
        return verifiers.score(SUM, 5, List.of(text), new int[1]).get(0);
    }
}
