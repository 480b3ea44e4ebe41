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
        String[] pieces = {"\\(", "\\[", "\\boxed{", "`", "$", "$a", "```", "\\", "``", "\ud83d"};
        assertTimeout(Duration.ofSeconds(3), () -> {
            for (String piece : pieces) LanguageText.words(piece.repeat(100_000));
        });
    }
}
