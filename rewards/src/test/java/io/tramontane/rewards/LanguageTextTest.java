package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LanguageTextTest {
    @Test
    void boxesDigitsAndSymbolsVanish() {
        assertEquals("La réponse est donc", LanguageText.words("La réponse est donc \\boxed{38}."));
        assertEquals("Danach kommen dazu also", LanguageText.words("Danach kommen 31 dazu, also 7+31=38."));
    }

    @Test
    void formulasVanish() {
        assertEquals("Let be", LanguageText.words("Let $x = \\text{hello}$ be $$y$$ \\(z\\) \\[w\nv\\]."));
    }

    @Test
    void commandsGoWithTheirArguments() {
        assertEquals("La réponse est fin", LanguageText.words("La réponse est \\text{the answer} fin"));
        assertEquals("a b", LanguageText.words("a \\frac{one}{two} b"));
        assertEquals("a b", LanguageText.words("a \\sqrt[third]{of words} b"));
        assertEquals("a b", LanguageText.words("a \\textbf{one {two} \\emph{three}} b"));
        assertEquals("a b", LanguageText.words("a \\section*{one} b"));
        assertEquals("a b", LanguageText.words("a \\begin{align*} x &= \\text{one} \\\\ two \\end{align*} b"));
        assertEquals(
                "a b",
                LanguageText.words("a \\begin{cases}\\begin{cases}one\\end{cases}two\\end{cases} b")
                        .replace("two ", ""));
        assertEquals("a one b", LanguageText.words("a \\\\[2pt] one b").replace("pt ", "")); // no formula opens here
        assertEquals("a see b", LanguageText.words("a \\alpha [see] b"));
        assertEquals("a one b", LanguageText.words("a \\text{one b")); // never closed: only the name goes
        assertEquals("a align one b", LanguageText.words("a \\begin {align} one b"));
        assertEquals("a b", LanguageText.words("a \\{ b \\}"));
    }

    @Test
    void theWordsInArgumentsStayOnDemand() {
        assertEquals(
                "La réponse est the answer fin", LanguageText.words("La réponse est \\text{the answer} fin", true));
        assertEquals("a one two b", LanguageText.words("a \\frac{one}{two} b", true));
        assertEquals("a b", LanguageText.words("a $x = \\text{one}$ b \\boxed{\\text{two}}", true));
        assertEquals("a align one align b", LanguageText.words("a \\begin{align}one\\end{align} b", true));
    }

    @Test
    void pricesAreNoFormulas() {
        assertEquals("It costs and then more", LanguageText.words("It costs $5 and then $7 more"));
        assertEquals("a dollar", LanguageText.words("a $ dollar"));
    }

    @Test
    void codeVanishes() {
        assertEquals(
                "Voici le code fin",
                LanguageText.words("Voici le code `print('hello')`\n```python\nfor x in y\n```\nfin"));
        assertEquals("Voici", LanguageText.words("Voici\n```python\nfor x in y"));
    }

    @Test
    void linesBecomeOneLine() {
        assertEquals("Bonjour The quick", LanguageText.words("Bonjour\n\nThe\tquick\r\n"));
    }

    @Test
    void apostrophesAndAccentsStayInWords() {
        assertEquals(
                "All'inizio l\u2019homme don't e\u0301t\u00E9",
                LanguageText.words("All'inizio 'l\u2019homme' don't e\u0301t\u00E9"));
    }

    @Test
    void otherScriptsStay() {
        assertEquals("小明有 个苹果", LanguageText.words("小明有7个苹果。"));
        assertEquals("Ответ", LanguageText.words("Ответ: 42."));
    }

    @Test
    void hostileTextCostsNoTime() {
        String[] pieces = {
            "\\(", "\\[", "\\boxed{", "`", "$", "$a", "```", "\\", "``", "\ud83d", "\\a{", "\\a[", "\\begin{a}"
        };
        assertTimeout(Duration.ofSeconds(3), () -> {
            for (String piece : pieces) LanguageText.words(piece.repeat(100_000));
            StringBuilder open = new StringBuilder();
            for (int i = 0; i < 100_000; i++) open.append("\\begin{").append(i).append('}');
            LanguageText.words(open.toString());
        });
    }
}
