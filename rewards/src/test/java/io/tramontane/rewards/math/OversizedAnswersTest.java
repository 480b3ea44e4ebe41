package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No answer of any size takes a second, or memory that stays. */
class OversizedAnswersTest {
    private static final List<String> OTHERS =
            List.of("2", "x^2+1", "\\{1,2\\}", "x<1", "k\\pi, k\\in\\mathbb{Z}", "n!", "\\lfloor x\\rfloor");

    @Test
    void nestedAndLongAnswersOfAnySizeAreJudgedInTime() {
        List<String> answers = new ArrayList<>(OversizedAnswers.of(9, 59, 300));
        answers.addAll(OversizedAnswers.wide());
        for (int i = 0; i < answers.size(); i++) {
            String answer = answers.get(i);
            String other = OTHERS.get(i % OTHERS.size());
            AdversarialAnswersTest.assertInTime(other, answer);
            AdversarialAnswersTest.assertInTime(answer, other);
        }
    }

    @Test
    void productsOfMatricesDoNotDoubleForEver() {
        String matrix = "\\begin{pmatrix}1&x\\\\1&2\\end{pmatrix}";
        // [1 x; 1 2]^2 = [1 + x, 3x; 3, x + 4]
        assertTrue(MathAnswers.judge("\\begin{pmatrix}1+x&3x\\\\3&x+4\\end{pmatrix}", matrix.repeat(2))
                .equal());
        assertFalse(MathAnswers.judge(matrix, matrix.repeat(25)).equal());
    }

    @Test
    void determinantsInDeterminantsAreNotWrittenOutForEver() {
        String nested = "1";
        for (int depth = 0; depth < 7; depth++)
            nested = "\\begin{vmatrix}1&2&3&4\\\\5&6&7&8\\\\9&1&2&3\\\\4&5&6&" + nested + "\\end{vmatrix}";
        assertFalse(MathAnswers.judge("2", nested).equal());
    }
}
