package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.SftExample;
import io.tramontane.data.gym.Gym;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.gym.GymTraces;
import io.tramontane.data.gym.TraceConfig;
import io.tramontane.model.chat.ChatTemplates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTokenizerTest {
    private final HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.tiny();

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private void roundTrip(String text) {
        assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    }

    @Test
    void numbersAreCutIntoDigitsAndWordsKeepTheirSpace() {
        // Die| Antwort| auf| die| Frage| lautet| also |\boxed{|3|8|}|.
        assertEquals(12, tokenizer.encode("Die Antwort auf die Frage lautet also \\boxed{38}.").length);
        assertEquals(8, tokenizer.encode("13+14=27").length);
    }

    @Test
    void theThinkMarksAreOneTokenEachAndSurviveDecoding() {
        assertEquals(3, tokenizer.encode("<think>7</think>").length);
        roundTrip("<think>7</think>\n");
    }

    @Test
    void theEndMarkIsRecognisedInTextAndLeftOutOfDecodedText() {
        int[] tokens = tokenizer.encode("7<|end|>");
        assertEquals(tokenizer.endOfText(), tokens[1]);
        assertEquals("7", tokenizer.decode(tokens));
    }

    @Test
    void everyProblemOfEveryLanguageComesBackExactly() {
        GymConfig gym = GymConfig.defaults();
        ProblemSource source = Gym.training(gym, 3);
        for (int i = 0; i < 350; i++) roundTrip(source.get(i).statement());
    }

    @Test
    void textOutsideTheVocabularyComesBackExactly() {
        roundTrip("");
        roundTrip("   two  spaces\t\ttabs\r\n\r\n");
        roundTrip("emoji 👩‍👩‍👧 🇫🇷 🧮, 漢字かな, العربية, עברית, ñandú, straße, ﬁ, e\u0301, \u00a0\u202f\u200b");
        roundTrip("a byte's name is no byte: <0x41> <0xFF> <unk> ▁ Ġ ##");
        roundTrip("zero \u0000 one \u0001");
    }

    @Test
    void randomTextComesBackExactly() {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(40);
            while (text.codePointCount(0, text.length()) < length) {
                int point = random.nextInt(random.nextBoolean() ? 0x300 : Character.MAX_CODE_POINT + 1);
                if (point < 0xD800 || point > 0xDFFF) text.appendCodePoint(point);
            }
            roundTrip(text.toString());
        }
    }

    @Test
    void anyIdsDecodeWithoutAnError() {
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            int[] tokens = random.ints(30, -3, tokenizer.vocabularySize() + 5).toArray();
            assertTrue(tokenizer.decode(tokens).length() >= 0);
        }
        int[] halfALetter = {tokenizer.encode("ж")[0], tokenizer.encode("7")[0]};
        assertEquals("\uFFFD7", tokenizer.decode(halfALetter));
    }

    @Test
    void theForcedOpeningIsTheFirstTokensOfADetailedThought() {
        GymTraces traces = new GymTraces(GymConfig.defaults(), onlyLevel(3), ChatTemplates.TINY, 1);
        for (int i = 0; i < 140; i++) {
            int[] whole = tokenizer.encode(traces.get(i, 0).completion());
            String thought = traces.get(i, 0).completion();
            int[] opening = tokenizer.encode(thought.substring(0, firstSentenceEnd(thought)));
            assertArrayEquals(opening, java.util.Arrays.copyOf(whole, opening.length), thought);
        }
    }

    private static int firstSentenceEnd(String thought) {
        int end = 0;
        while (".。".indexOf(thought.charAt(end)) < 0) end++;
        return end + 1;
    }

    @Test
    void longTextIsNotCut() {
        String text = "apple ".repeat(3000);
        roundTrip(text);
    }

    @Test
    void theShippedFilesAreWhatTheMakerMakes() throws IOException {
        assertEquals(
                new String(HuggingFaceTokenizer.tinyFile("tokenizer.json"), StandardCharsets.UTF_8),
                io.tramontane.data.gym.TinyTokenizerMaker.tokenizer());
    }

    @Test
    void detailedThoughtsCostAboutFifteenTokensAStep() {
        GymConfig gym = GymConfig.defaults();
        StringBuilder table = new StringBuilder();
        double[] completion = new double[6];
        for (int level = 1; level <= 6; level++) {
            TraceConfig traces = onlyLevel(level);
            GymTraces source = new GymTraces(gym, traces, ChatTemplates.TINY, 1);
            double prompt = 0;
            for (int i = 0; i < 350; i++) {
                SftExample example = source.get(i, 0);
                completion[level - 1] += (tokenizer.encode(example.completion()).length + 1) / 350.0;
                prompt += tokenizer.encode(example.prompt()).length / 350.0;
            }
            table.append(
                    String.format("level %d: prompt %.1f, completion %.1f%n", level, prompt, completion[level - 1]));
        }
        System.out.print(table + "vocabulary " + tokenizer.vocabularySize() + "\n");
        assertEquals(15, (completion[5] - completion[0]) / 5, 1.5, table.toString());
        assertTrue(completion[5] < 120, table.toString());
    }

    @Test
    void programsForStoriesSurviveTheTinyTokenizerAndFitItsPolicy() {
        fits("stories", 4, 80, 160);
        fits("cases", 2, 88, 160);
    }

    /** Prompts and completions of at most so many tokens, in every language. */
    private void fits(String family, int level, int prompt, int completion) {
        GymConfig d = GymConfig.defaults();
        GymConfig gym = new GymConfig(
                d.languages(), d.levelWeights(), d.families(), 1, List.of("python"), level, List.of(family));
        GymTraces source = new GymTraces(gym, onlyLevel(level), ChatTemplates.TINY, 1);
        for (int i = 0; i < 700; i++) {
            SftExample example = source.get(i, 0);
            roundTrip(example.prompt() + example.completion());
            assertTrue(tokenizer.encode(example.prompt()).length <= prompt, example.prompt());
            assertTrue(tokenizer.encode(example.completion()).length < completion, example.completion());
        }
    }

    private static TraceConfig onlyLevel(int level) {
        List<Double> shares = new java.util.ArrayList<>(java.util.Collections.nCopies(6, 0.0));
        shares.set(level - 1, 1.0);
        TraceConfig d = TraceConfig.defaults();
        return new TraceConfig(1, 0, 1, 0, 0, 0, 2, shares, d.guessShares(), 0, 0, d.foreignShares(), 0, 0, 0);
    }

    @Test
    void aFolderThatNamesNoEndOfTextIsAnError(@TempDir Path folder) throws IOException {
        Path json = Files.write(folder.resolve("tokenizer.json"), HuggingFaceTokenizer.tinyFile("tokenizer.json"));
        BadInputException error = assertThrows(BadInputException.class, () -> HuggingFaceTokenizer.open(json));
        assertEquals(
                folder
                        + ": no end of text: neither eos_token in tokenizer_config.json nor eos_token_id in generation_config.json",
                error.getMessage());
    }

    @Test
    void aCopyInAFolderIsTheSameTokenizer(@TempDir Path folder) throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.write(folder.resolve(name), HuggingFaceTokenizer.tinyFile(name));
        }
        try (Tokenizer copy = HuggingFaceTokenizer.open(folder.resolve("tokenizer.json"))) {
            assertArrayEquals(tokenizer.encode("У Ани 7 яблок."), copy.encode("У Ани 7 яблок."));
        }
    }
}
