package io.tramontane.data.gym;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.gym.ChainFamily.Operation;
import io.tramontane.data.gym.ChainFamily.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GymTest {
    private static final GymConfig CHAINS = GymConfig.defaults();

    @Test
    void anIndexGivesTheSameProblemInAnotherObjectAndAfterTheWire() throws Exception {
        ProblemSource source = Gym.training(CHAINS, 5);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(source);
        ProblemSource copy =
                (ProblemSource) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        for (long index : new long[] {0, 1, 77, 1L << 40}) {
            assertEquals(source.get(index), Gym.training(CHAINS, 5).get(index));
            assertEquals(source.get(index), copy.get(index));
        }
        assertNotEquals(
                source.get(0).statement(), Gym.training(CHAINS, 6).get(0).statement());
        assertTrue(source.size().isEmpty());
    }

    @Test
    void aProblemOfSeedOneNeverChanges() {
        Problem problem = Gym.evaluation(CHAINS, 1).get(3);
        assertEquals(
                "Giulia ha 23 mele. Poi ne riceve ancora 4. Poi ne riceve ancora 10. Dopo ne perde 3. "
                        + "Quante mele ha Giulia alla fine?",
                problem.statement());
        assertEquals("34", problem.answer()); // 23 + 4 + 10 - 3
        assertEquals("<think>All'inizio Giulia ha 23 mele.", problem.extra().get("opening"));
    }

    /** The numbers of a chain's statement and what is done with them: what is asked, read back from the text. */
    private static final Map<String, String> OPERATIONS = operations();

    private static Map<String, String> operations() {
        Map<String, String> words = new HashMap<>();
        for (String word : List.of("more", "encore", "de plus", "más", "ancora", "noch", "ещё", "得到", "找到"))
            words.put(word, "+");
        for (String word : List.of(
                "gives away",
                "loses",
                "en donne",
                "en perd",
                "regala",
                "pierde",
                "perde",
                "davon",
                "отдаёт",
                "теряет",
                "送给",
                "丢了")) words.put(word, "-");
        for (String word : List.of(
                "doubles",
                "twice",
                "doublé",
                "deux fois",
                "duplica",
                "doble",
                "raddoppia",
                "doppio",
                "verdoppelt",
                "doppelt",
                "вдвое",
                "удваивается",
                "两倍")) words.put(word, "*2");
        for (String word : List.of(
                "triples",
                "three times",
                "triplé",
                "trois fois",
                "triplica",
                "el triple",
                "triplo",
                "verdreifacht",
                "dreimal",
                "втрое",
                "утраивается",
                "三倍")) words.put(word, "*3");
        return words;
    }

    /** {@code 15-14*3+19}, or an error if a sentence is not understood. */
    private static String readBack(String statement) {
        String[] sentences = statement.split("(?<=[.。])\\s*");
        StringBuilder chain = new StringBuilder(numbers(sentences[0]));
        for (int i = 1; i < sentences.length - 1; i++) {
            String sentence = sentences[i];
            String operation = OPERATIONS.entrySet().stream()
                    .filter(word -> sentence.contains(word.getKey()))
                    .map(Map.Entry::getValue)
                    .distinct()
                    .reduce((a, b) -> {
                        // "trois fois plus" also holds "plus"; longer words win by being multiplications
                        return a.startsWith("*") ? a : b;
                    })
                    .orElseThrow(() -> new AssertionError("not understood: " + sentence));
            chain.append(operation).append(numbers(sentence));
        }
        return chain.toString();
    }

    private static String numbers(String sentence) {
        Matcher digits = Pattern.compile("[0-9]+").matcher(sentence);
        return digits.find() ? digits.group() : "";
    }

    private static int[] values(String chain) {
        Matcher step = Pattern.compile("([-+*]?)([0-9]+)").matcher(chain);
        int value = 0;
        int[] range = {Integer.MAX_VALUE, Integer.MIN_VALUE, 0};
        while (step.find()) {
            int n = Integer.parseInt(step.group(2));
            value = switch (step.group(1)) {
                case "-" -> value - n;
                case "*" -> value * n;
                default -> value + n;
            };
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
        range[2] = value;
        return range;
    }

    @Test
    void theStatementAloneGivesTheAnswerAndStaysInOneToNinetyNine() {
        ProblemSource source = Gym.training(CHAINS, 9);
        for (int i = 0; i < 4000; i++) {
            Problem problem = source.get(i);
            int[] range = values(readBack(problem.statement()));
            assertEquals(problem.answer(), Integer.toString(range[2]), problem.statement());
            assertTrue(range[0] >= 1 && range[1] <= 60, problem.statement());
        }
    }

    @Test
    void noHeldOutProblemIsATrainingProblemInAnyLanguage() {
        Set<String> training = new HashSet<>();
        Set<String> heldOut = new HashSet<>();
        ProblemSource train = Gym.training(CHAINS, 1);
        ProblemSource eval = Gym.evaluation(CHAINS, 2);
        for (int i = 0; i < 8_000; i++) {
            training.add(readBack(train.get(i).statement()));
            heldOut.add(readBack(eval.get(i).statement()));
        }
        assertTrue(training.size() > 5_000 && heldOut.size() > 4_000, training.size() + " " + heldOut.size());
        for (String asked : heldOut) assertFalse(training.contains(asked), asked);
    }

    @Test
    void aboutOneExerciseInEightIsHeldOut() {
        ChainFamily family = new ChainFamily(List.of("en"));
        int heldOut = 0;
        for (int i = 0; i < 8000; i++) {
            if (Split.of(family.draw(3, Dice.of(i))) == Split.EVALUATION) heldOut++;
        }
        assertEquals(1000, heldOut, 100);
    }

    @Test
    void languagesAndLevelsHaveEqualSharesInAShortSet() {
        Map<String, Integer> languages = new TreeMap<>();
        Map<Integer, Integer> levels = new TreeMap<>();
        ProblemSource source = Gym.evaluation(CHAINS, 1);
        for (int i = 0; i < 252; i++) {
            Problem problem = source.get(i);
            languages.merge(problem.language(), 1, Integer::sum);
            levels.merge(problem.level(), 1, Integer::sum);
        }
        assertEquals(Map.of("en", 36, "fr", 36, "es", 36, "it", 36, "de", 36, "zh", 36, "ru", 36), languages);
        for (int level = 1; level <= 6; level++) assertEquals(42, levels.get(level), 2, levels.toString());
    }

    @Test
    void theLevelIsTheNumberOfStepsAndWeightsAreObeyed() {
        GymConfig hard = new GymConfig(
                List.of("en"),
                List.of(0.0, 0.0, 1.0, 0.0, 3.0, 0.0),
                List.of("chain"),
                0,
                List.of("python"),
                6,
                List.of("code"));
        int fives = 0;
        ProblemSource source = Gym.training(hard, 2);
        for (int i = 0; i < 400; i++) {
            Problem problem = source.get(i);
            assertEquals(problem.level() + 2, problem.statement().split("[.?]").length);
            if (problem.level() == 5) fives++;
            else assertEquals(3, problem.level());
        }
        assertEquals(300, fives, 5);
    }

    private static ChainStory story(int start, int person, int thing, Step... steps) {
        return new ChainStory(new Chain(new ChainFamily(CHAINS.languages()), start, List.of(steps)), person, thing);
    }

    @Test
    void nounsAgreeWithTheirNumber() {
        assertEquals("At the start Emma has 1 apple.", story(1, 0, 0).opening("en"));
        assertEquals("At the start Tom has 2 books.", story(2, 1, 1).opening("en"));
        assertEquals("Au départ Hugo a 1 pièce.", story(1, 3, 2).opening("fr"));
        assertEquals("Al principio Elena tiene 21 monedas.", story(21, 4, 2).opening("es"));
        assertEquals("All'inizio Marco ha 1 libro.", story(1, 1, 1).opening("it"));
        assertEquals("Am Anfang hat Greta 5 Äpfel.", story(5, 4, 0).opening("de"));
        assertEquals("一开始小明有3本书。", story(3, 1, 1).opening("zh"));
        assertEquals("Сначала у Ани 1 яблоко.", story(1, 0, 0).opening("ru"));
        assertEquals("Сначала у Миши 22 книги.", story(22, 1, 1).opening("ru"));
        assertEquals("Сначала у Оли 11 монет.", story(11, 4, 2).opening("ru"));
        assertEquals("Сначала у Пети 41 монета.", story(41, 3, 2).opening("ru"));
        assertEquals("Сначала у Кати 13 яблок.", story(13, 2, 0).opening("ru"));
    }

    @Test
    void aDetailedThoughtSaysEachStep() {
        ChainStory story = story(7, 1, 0, new Step(Operation.ADD, 12), new Step(Operation.TRIPLE, 3));
        assertEquals(
                "Au départ Paul a 7 pommes. Ensuite il en a 12 de plus, donc 7+12=19. "
                        + "Ensuite il en a trois fois plus, donc 19*3=57.",
                story.detailed("fr", List.of(19, 57)));
        assertEquals("一开始小明有7个苹果。然后多了12个，所以7+12=19。然后变成三倍，所以19*3=57。", story.detailed("zh", List.of(19, 57)));
    }

    @Test
    void aFamilyOrLanguageThatDoesNotExistIsRefusedByName() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new GymConfig(
                                List.of("en"),
                                List.of(1.0),
                                List.of("chess"),
                                0,
                                List.of("python"),
                                6,
                                List.of("code")))
                .getMessage();
        assertEquals(
                "gym.families holds chess, allowed "
                        + "[arithmetic, chain, equations, fractions, remainders, sequences, words]",
                message);
        assertThrows(
                IllegalArgumentException.class,
                () -> new GymConfig(
                        List.of("xx"), List.of(1.0), List.of("chain"), 0, List.of("python"), 6, List.of("code")));
    }
}
