package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tramontane.data.RewardBreakdown.Verdict;
import org.junit.jupiter.api.Test;

class LatexMathVerifierTest {
    private final MathVerifier verifier = new LatexMathVerifier();

    @Test
    void equalAnswersAreCorrectAndTheRuleIsNamed() {
        assertCorrect("text", "38", "38");
        assertCorrect("rational", "\\frac12", "0.5");
        assertCorrect("rounded", "1/3", "0.333333");
        assertCorrect("numeric", "1+\\sqrt{2}", "\\sqrt{3+2\\sqrt{2}}");
        assertCorrect("identity", "x^2-1", "(x-1)(x+1)");
        assertCorrect("equation", "y=2x+3", "2x-y+3=0");
        assertCorrect("interval", "x>5", "(5,\\infty)");
        assertCorrect("set", "\\{1,2\\}", "\\{2,1\\}");
        assertCorrect("percent", "50\\%", "0.5");
        assertCorrect("unit", "1\\text{ m}", "100\\text{ cm}");
        assertCorrect("choice", "B", "(B) 15");
    }

    @Test
    void whatCannotBeReadIsUnparseableAndTheRestIsWrong() {
        assertEquals(Verdict.UNPARSEABLE, verifier.check("38", "many").verdict());
        assertEquals(Verdict.UNPARSEABLE, verifier.check("38", "\\frac{38}{").verdict());
        assertEquals(Verdict.WRONG, verifier.check("38", "39").verdict());
    }

    @Test
    void numbersThatDifferAreSaidToDifferAndTheRestIsUndecided() {
        assertNotEqual("different", "1", "2");
        assertNotEqual("different", "\\frac12", "0.51");
        assertNotEqual("different", "\\pi", "3.14");
        assertNotEqual("different", "\\sqrt2", "\\sqrt3");
        assertNotEqual("different", "1+i", "1-i");
        assertEquals("another number than 38", verifier.check("38", "39").why());
        assertNotEqual("undecided", "\\pi", "\\pi+10^{-50}"); // the term is too small to count
        assertNotEqual("undecided", "38", "x");
        assertNotEqual("undecided", "38", "1,2");
        assertNotEqual("undecided", "38", "many");
        assertNotEqual("undecided", "38", "90^\\circ");
    }

    @Test
    void aReferenceThatCannotBeReadIsStillComparedAsText() {
        assertEquals(
                Verdict.CORRECT, verifier.check("\\weird{3}{", "\\weird{3}{").verdict());
        assertEquals(Verdict.WRONG, verifier.check("\\weird{3}{", "3").verdict());
    }

    private void assertNotEqual(String rule, String reference, String answer) {
        VerifierOutcome outcome = verifier.check(reference, answer);
        assertNotEquals(Verdict.CORRECT, outcome.verdict(), outcome.why());
        assertEquals(rule, outcome.evidence().rule());
    }

    private void assertCorrect(String rule, String reference, String answer) {
        VerifierOutcome outcome = verifier.check(reference, answer);
        assertEquals(Verdict.CORRECT, outcome.verdict(), outcome.why());
        assertEquals(rule, outcome.evidence().rule());
    }
}
