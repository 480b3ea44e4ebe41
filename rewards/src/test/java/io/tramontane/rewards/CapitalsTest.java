package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapitalsTest {
    private final LanguageConsistency language =
            new LanguageConsistency(List.of("en", "fr", "es", "it", "de", "zh", "ru"));

    @Test
    void whatIsMostlyLargeBecomesSmall() {
        assertEquals("the answer is", Capitals.lowered("THE ANSWER IS"));
        assertEquals("ответ такой", Capitals.lowered("ОТВЕТ ТАКОЙ"));
        assertEquals("la risposta è questa", Capitals.lowered("La Risposta È Questa"));
        assertEquals("thE answer".toLowerCase(Locale.ROOT), Capitals.lowered("tHe AnSwEr"));
        assertEquals("答案是七", Capitals.lowered("答案是七"));
        assertEquals("", Capitals.lowered(""));
    }

    @Test
    void ordinaryTextKeepsItsCapitalsButForWordsInCapitalsOnly() {
        assertEquals("Am Anfang hat Anna sieben Äpfel", Capitals.lowered("Am Anfang hat Anna sieben Äpfel"));
        assertEquals("So nasa has not answered us yet", Capitals.lowered("So NASA has not answered us yet"));
        assertEquals("I am here and A is there", Capitals.lowered("I am here and A is there"));
        assertEquals("Anna Bob", Capitals.lowered("Anna Bob")); // names alone are no title
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en|First I add the two numbers, then I take away the third one.",
                "fr|J'additionne d'abord les deux nombres, puis je retire le troisième.",
                "es|Primero sumo los dos números y luego resto el tercero.",
                "it|Prima sommo i due numeri, poi sottraggo il terzo dalla somma.",
                "de|Zuerst zähle ich die beiden großen Zahlen zusammen, dann ziehe ich die dritte ab.",
                "ru|Сначала я складываю два числа, потом вычитаю третье из суммы.",
                "uk|Спочатку я додаю два числа, потім віднімаю третє від суми і отримую відповідь цієї задачі.",
                "pt|Ontem li muitas páginas do livro e hoje de manhã não li mais nenhuma.",
                "bg|Първо събирам двете числа, след това изваждам третото от сбора и получавам отговора.",
                "pl|Najpierw dodaję dwie liczby, potem odejmuję trzecią od sumy i otrzymuję odpowiedź.",
                "nl|Eerst tel ik de twee getallen bij elkaar op, daarna trek ik het derde getal van de uitkomst af."
            })
    void capitalsAreNoOtherLanguage(String code, String text) {
        assertEquals(code, language.of(text));
        assertEquals(code, language.of(text.toUpperCase(Locale.ROOT)));
        assertEquals(code, language.of(text + " " + text.toUpperCase(Locale.ROOT)));
        StringBuilder turns = new StringBuilder();
        for (String word : text.split(" "))
            turns.append(turns.length() % 2 == 0 ? word : word.toUpperCase(Locale.ROOT))
                    .append(' ');
        assertEquals(code, language.of(turns.toString()));
    }

    @Test
    void aStrangerInCapitalsDoesNotPassForTheLanguageThatIsAskedFor() {
        String slovene =
                "Zanima me cena premium hišic, blizu morja, imamo tudi psa. Rad bi vedel, koliko stane en teden.";
        assertNotEquals("es", language.of(slovene, "es"));
        assertNotEquals("es", language.of(slovene.toUpperCase(Locale.ROOT), "es"));
    }
}
