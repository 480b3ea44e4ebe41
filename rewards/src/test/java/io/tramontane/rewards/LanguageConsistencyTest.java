package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.SftExample;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.gym.GymTraces;
import io.tramontane.data.gym.TraceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageConsistencyTest {
    private final LanguageConsistency language =
            new LanguageConsistency(List.of("en", "fr", "es", "it", "de", "zh", "ru"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en|So the answer is \\boxed{38}.",
                "en|The answer is \\boxed{38}.",
                "en|Then 31 more come, so 7+31=38.",
                "fr|La réponse est donc \\boxed{38}.",
                "fr|Ensuite 31 arrivent, donc 7+31=38.",
                "es|La respuesta es entonces \\boxed{38}.",
                "es|Luego llegan 31, así que 7+31=38.",
                "it|La risposta è quindi \\boxed{38}.",
                "it|Poi ne arrivano altri 31, quindi 7+31=38.",
                "de|Die Antwort ist also \\boxed{38}.",
                "de|Am Anfang hat Anna 7 Äpfel. Danach kommen 31 dazu, also 7+31=38.",
                "zh|所以答案是\\boxed{38}。",
                "zh|然后又来了31个,所以7+31=38。",
                "ru|Значит, ответ \\boxed{38}.",
                "ru|Потом добавили 31, значит 7+31=38.",
            })
    void shortSentencesFullOfDigitsAreRecognised(String expected, String part) {
        assertEquals(expected, language.of(part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\boxed{38}", "42", "$x = 5$", "Also 42.", "答案是42。", "`print(\"hello everybody\")`"})
    void littleTextIsUndecided(String part) {
        assertEquals("und", language.of(part));
    }

    @Test
    void theWeightOfAHanCharacterIsThree() {
        assertEquals("und", language.of("我们算")); // 9
        assertEquals("zh", language.of("我们算数")); // 12
        assertEquals("und", language.of("und dann zw")); // 9 letters
        assertEquals("de", language.of("und dann zwar")); // 11 letters
    }

    @Test
    void theScriptOfMostOfTheTextSettlesChineseAndRussian() {
        assertEquals("zh", language.of("数量变成三倍"));
        assertEquals("ru", language.of("Число утроилось"));
        assertEquals("en", language.of("So he has many apples 苹果 in the end"));
    }

    @Test
    void onlyConfiguredLanguagesAreFound() {
        LanguageConsistency two = new LanguageConsistency(List.of("de", "es"));
        assertEquals("es", two.of("Luego llegan más, así que son treinta y ocho"));
        assertEquals("it", two.of("Poi ne arrivano trentuno, quindi sono trentotto")); // surely neither of the two
        assertEquals("es", two.of("Poi ne arrivano molti")); // too short to be sure of a stranger
        assertEquals("es", two.ofProblem("7 + 31 = ?", "es"));
        assertEquals("und", two.ofProblem("7 + 31 = ?", "fr"));
    }

    @Test
    void aScriptThatNoConfiguredLanguageHasIsOther() {
        assertEquals("other", language.of("昨日は本をたくさん読みました。")); // Han between kana is not Chinese
        assertEquals("other", language.of("어제 책을 많이 읽었다"));
        assertEquals("other", language.of("قرأت أمس كتابا جديدا"));
        assertFalse(RewardBreakdown.oneLanguage("other", "other", "other"));
        assertFalse(RewardBreakdown.oneLanguage("other", "other", "und"));
    }

    @Test
    void aSureStrangerKeepsItsOwnLabel() {
        assertEquals("pt", language.of("Ontem li muitas páginas do livro e hoje de manhã não li mais nenhuma."));
        assertEquals("uk", language.of("Вчора я прочитав багато сторінок книжки, а сьогодні вранці ще більше."));
    }

    @Test
    void anyLanguageOfTheModelCanBeConfigured() {
        LanguageConsistency asian = new LanguageConsistency(List.of("ja", "ko", "th", "ar", "el", "pt"));
        assertEquals("ja", asian.of("昨日は本をたくさん読みました。"));
        assertEquals("ko", asian.of("어제 책을 많이 읽었다"));
        assertEquals("th", asian.of("เมื่อวานฉันอ่านหนังสือ"));
        assertEquals("ar", asian.of("قرأت أمس كتابا جديدا"));
        assertEquals("el", asian.of("Χθες διάβασα πολλές σελίδες"));
        assertEquals("pt", asian.of("Ontem li muitas páginas do livro"));
    }

    @Test
    void aNearTieGoesToTheLanguageThatIsAskedFor() {
        String crabs = "Rani a dix crabes de plus que Monique, laquelle a 4 crabes de moins que Bo."
                + " Sachant que Bo a 40 crabes, calcule le nombre total de crabes."; // es .43, fr .42
        assertEquals("es", language.of(crabs));
        assertEquals("fr", language.of(crabs, "fr"));
        assertEquals("fr", language.ofProblem(crabs, "fr"));
        assertEquals("es", language.ofProblem(crabs, "en"));
        assertEquals("de", language.of("Wie viele Äpfel hat Anna jetzt?", "fr")); // no tie
    }

    @Test
    void oneLabelHidesAnotherLanguageUnlessASharesLimitIsSet() {
        String french =
                "Au début, Anna a sept pommes dans son panier et elle en reçoit encore trente et une de sa sœur. ";
        String english = "So in the end she has thirty eight apples, and that is what we had to find out here. ";
        LanguageConsistency strict = new LanguageConsistency(List.of("en", "fr", "zh"), 0.2, false);
        assertEquals("fr", language.of(french + french + english, "fr"));
        assertEquals("mixed", strict.of(french + french + english, "fr")); // a third is English
        assertEquals("fr", strict.of(french.repeat(9) + english, "fr")); // a tenth is
        assertEquals("mixed", strict.of(french + french + "因此她最后一共有三十八个苹果,这就是我们要求的答案。", "fr"));
        assertFalse(RewardBreakdown.oneLanguage("fr", "mixed", "fr"));
    }

    @Test
    void allThreePartsMustAgree() {
        assertTrue(RewardBreakdown.oneLanguage("fr", "fr", "fr"));
        assertFalse(RewardBreakdown.oneLanguage("fr", "en", "fr"));
        assertFalse(RewardBreakdown.oneLanguage("fr", "fr", "en"));
        assertFalse(RewardBreakdown.oneLanguage("fr", "en", "en"));
    }

    @Test
    void anUndecidedAnswerAgreesButUndecidedThoughtsDoNot() {
        assertTrue(RewardBreakdown.oneLanguage("fr", "fr", "und"));
        assertFalse(RewardBreakdown.oneLanguage("fr", "und", "fr"));
        assertFalse(RewardBreakdown.oneLanguage("und", "und", "und"));
    }

    @Test
    void everythingThatTheGymWouldHaveSaidEarnsTheBonus() {
        TraceConfig usual = TraceConfig.defaults();
        TraceConfig clean = new TraceConfig(
                1, 0.3, 0, 0, 0, 0, 12, usual.levelShares(), usual.guessShares(), 0, 0, Map.of(), 0, 0, 0);
        GymTraces traces = new GymTraces(
                GymConfig.defaults(), clean, p -> MarkedText.foreign(p.language() + "|" + p.statement()), 3);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 1400; i++) {
            SftExample example = traces.get(i, 0);
            String code = example.prompt().substring(0, 2);
            FormatGate.Parts parts = new FormatGate(ThinkTags.ANGLE).check(Kind.MATH, example.completion());
            String asked = language.ofProblem(example.prompt().substring(3), "und");
            String found = asked + " " + language.of(parts.thoughts()) + " " + language.of(parts.answer());
            if (!found.equals(code + " " + code + " " + code)) wrong.add(found + ": " + example);
        }
        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr", "es", "de", "zh", "ru"})
    void allSchoolProblemsAreRecognised(String code) throws IOException {
        assertEquals(List.of(), misread(code, UnaryOperator.identity()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr", "es", "de", "ru"})
    void alsoInCapitals(String code) throws IOException {
        assertEquals(List.of(), misread(code, text -> text.toUpperCase(Locale.ROOT)));
        assertEquals(List.of(), misread(code, LanguageConsistencyTest::titled));
    }

    private static String titled(String text) {
        return Pattern.compile("(?U)\\b\\w").matcher(text).replaceAll(m -> m.group()
                .toUpperCase(Locale.ROOT));
    }

    private List<String> misread(String code, UnaryOperator<String> spelling) throws IOException {
        Path file = Path.of(
                System.getProperty("tramontane.root", "."), "..", "shared", "data", "mgsm", "mgsm_" + code + ".tsv");
        Assumptions.assumeTrue(Files.exists(file), "no MGSM data beside the repository"); // there is no Italian file
        List<String> lines = Files.readAllLines(file);
        assertEquals(250, lines.size());
        return lines.stream()
                .map(line -> spelling.apply(line.split("\t")[0]))
                .filter(statement -> !language.ofProblem(statement, code).equals(code)
                        || !language.of(statement, code).equals(code))
                .toList();
    }
}
