package io.tramontane.data.gym;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MathsFamiliesTest {
    private static final List<String> FAMILIES =
            List.of("arithmetic", "fractions", "equations", "remainders", "sequences", "words");

    private static GymConfig only(String... families) {
        GymConfig d = GymConfig.defaults();
        return new GymConfig(
                d.languages(), d.levelWeights(), List.of(families), 0, d.codeLanguages(), 6, d.codeFamilies());
    }

    private static List<Problem> some(int count, String... families) {
        ProblemSource source = Gym.training(only(families), 8);
        return IntStream.range(0, count).mapToObj(source::get).toList();
    }

    private static String formula(Problem problem) {
        Matcher formula = Pattern.compile("\\$([^$]*)\\$").matcher(problem.statement());
        String longest = "";
        while (formula.find()) if (formula.group(1).length() > longest.length()) longest = formula.group(1);
        return longest;
    }

    private static List<Integer> numbers(String text) {
        return Pattern.compile("[0-9]+")
                .matcher(text)
                .results()
                .map(found -> Integer.valueOf(found.group()))
                .toList();
    }

    @Test
    void theFormulaInTheStatementHasTheAnswerAsItsValue() {
        for (Problem problem : some(1500, "arithmetic", "fractions")) {
            assertEquals(LatexValue.of(problem.answer()), LatexValue.of(formula(problem)), problem.statement());
        }
    }

    @Test
    void fractionsAreReduced() {
        for (Problem problem : some(500, "fractions")) {
            assertEquals(problem.answer(), LatexValue.of(problem.answer()).latex());
        }
        assertEquals("-\\frac{3}{4}", Fraction.of(6, -8).latex());
        assertEquals("-2", Fraction.of(-6, 3).latex());
    }

    @Test
    void theAnswerSolvesTheEquationAndNoNeighbourDoes() {
        for (Problem problem : some(1500, "equations")) {
            String[] sides = formula(problem).split("=");
            Fraction x = LatexValue.of(problem.answer());
            assertEquals(LatexValue.of(sides[0], x), LatexValue.of(sides[1], x), problem.statement());
            Fraction other = x.plus(Fraction.of(1, 1));
            assertFalse(LatexValue.of(sides[0], other).equals(LatexValue.of(sides[1], other)), problem.statement());
        }
    }

    @Test
    void remaindersAreThoseOfTheStatement() {
        RemainderFamily family = new RemainderFamily(List.of("en"));
        for (int i = 0; i < 600; i++) {
            Question question = (Question) family.draw(1 + i % 6, Dice.of(i));
            Map<String, String> v = question.values();
            if (question.key().equals("single")) {
                String remainder = LatexValue.of(v.get("e"))
                        .numerator()
                        .mod(new java.math.BigInteger(v.get("m")))
                        .toString();
                assertEquals(remainder, question.answer());
                continue;
            }
            int smallest = 1;
            while (!leaves(smallest, v)) smallest++;
            assertEquals(Integer.toString(smallest), question.answer(), v.toString());
        }
    }

    private static boolean leaves(int number, Map<String, String> v) {
        for (String[] pair : new String[][] {{"m", "r"}, {"n", "s"}, {"o", "t"}}) {
            if (!v.containsKey(pair[0])) continue;
            if (number % Integer.parseInt(v.get(pair[0])) != Integer.parseInt(v.get(pair[1]))) return false;
        }
        return true;
    }

    @Test
    void sequencesContinueAsASlowHandWouldWriteThem() {
        SequenceFamily family = new SequenceFamily(List.of("en"));
        for (int i = 0; i < 600; i++) {
            Question question = (Question) family.draw(1 + i % 6, Dice.of(i));
            Map<String, String> v = question.values();
            assertEquals(question.answer(), Long.toString(byHand(question.key(), v)), question.key() + v);
        }
    }

    private static long byHand(String key, Map<String, String> v) {
        if (key.equals("next")) {
            List<Integer> s = numbers(v.get("s"));
            int lastDifference = s.get(4) - s.get(3);
            return s.get(4) + lastDifference + (lastDifference - (s.get(3) - s.get(2)));
        }
        long current = Long.parseLong(v.get("a"));
        long following = v.containsKey("b") ? Long.parseLong(v.get("b")) : 0;
        long sum = current;
        for (int i = 1; i < Integer.parseInt(v.get("n")); i++) {
            long before = current;
            switch (key) {
                case "geometric" -> current *= Long.parseLong(v.get("q"));
                case "sumOfTwo" -> {
                    current = following;
                    following += before;
                }
                default -> current += Long.parseLong(v.get("d"));
            }
            sum += current;
        }
        return key.equals("sum") ? sum : current;
    }

    @Test
    void storiesHaveTheAnswersThatTheirNumbersGive() {
        WordFamily family = new WordFamily(List.of("en"));
        for (int i = 0; i < 600; i++) {
            Question question = (Question) family.draw(1 + i % 6, Dice.of(i));
            Map<String, String> v = question.values();
            int answer = Integer.parseInt(question.answer());
            assertTrue(holds(question.key(), v, answer), question.key() + v + answer);
            assertFalse(holds(question.key(), v, answer + 1), question.key() + v + answer);
            assertTrue(answer > 0);
        }
    }

    private static boolean holds(String key, Map<String, String> v, int answer) {
        java.util.function.ToIntFunction<String> n = slot -> Integer.parseInt(v.get(slot));
        return switch (key) {
            case "price" -> answer / n.applyAsInt("n") == n.applyAsInt("p") && answer % n.applyAsInt("n") == 0;
            case "change" -> n.applyAsInt("b") - answer == n.applyAsInt("n") * n.applyAsInt("p");
            case "ages" -> {
                int young = n.applyAsInt("a");
                int old = young * n.applyAsInt("k");
                yield answer == young + n.applyAsInt("y") + old + n.applyAsInt("y");
            }
            case "travel" -> answer == n.applyAsInt("h") * n.applyAsInt("v") + n.applyAsInt("g") * n.applyAsInt("w");
            case "meeting" -> answer * n.applyAsInt("v") + answer * n.applyAsInt("w") == n.applyAsInt("d");
            default -> answer + (answer + n.applyAsInt("d")) + answer * n.applyAsInt("k") == n.applyAsInt("t");
        };
    }

    @Test
    void everyFamilyLevelLanguageAndWordingIsGenerated() {
        Set<String> generated = new TreeSet<>();
        Set<String> shapes = new HashSet<>();
        for (Problem problem : some(9000, FAMILIES.toArray(new String[0]))) {
            String statement = problem.statement();
            assertFalse(statement.replaceAll("\\$[^$]*\\$", "").matches("(?s).*[{}|].*"), statement);
            generated.add(problem.extra().get("family") + problem.language() + problem.level());
            shapes.add(problem.language() + statement.replaceAll("\\$[^$]*\\$|[0-9]+", "#"));
        }
        assertEquals(6 * 7 * 6, generated.size());
        assertTrue(shapes.size() > 250, "wordings " + shapes.size());
    }

    @Test
    void everyNumberOfTheQuestionStandsInTheStatement() {
        WordFamily family = new WordFamily(GymConfig.defaults().languages());
        for (int i = 0; i < 420; i++) {
            Question question = (Question) family.draw(1 + i % 6, Dice.of(i));
            String language = GymConfig.defaults().languages().get(i % 7);
            List<Integer> said =
                    numbers(question.tell("a", language, 1, Dice.of(i)).statement());
            for (String value : question.values().values()) {
                assertTrue(said.contains(Integer.valueOf(value)), language + question);
            }
        }
    }

    private static String say(String language, String key, int wording, Map<String, String> values) {
        Phrases phrases = new Phrases("words", language);
        return phrases.fill(phrases.wordings(key).get(wording), values);
    }

    @Test
    void russianAndGermanNounsAgree() {
        assertEquals(
                "Одна тетрадь стоит 21 рубль. Сколько рублей стоят 3 такие тетради?",
                say("ru", "price", 1, Map.of("p", "21", "n", "3")));
        assertEquals(
                "Одна тетрадь стоит 12 рублей. Сколько рублей стоят 5 таких тетрадей?",
                say("ru", "price", 1, Map.of("p", "12", "n", "5")));
        assertEquals(
                "Ребёнку 11 лет, а бабушка в 5 раз старше. Сколько лет будет им вместе через 2 года?",
                say("ru", "ages", 0, Map.of("a", "11", "k", "5", "y", "2")));
        assertTrue(say("de", "ages", 1, Map.of("a", "9", "k", "5", "y", "1")).endsWith("in 1 Jahr?"));
        assertTrue(say("de", "ages", 1, Map.of("a", "9", "k", "5", "y", "4")).endsWith("in 4 Jahren?"));
    }

    @Test
    void trainingAndEvaluationAskNothingTwice() {
        GymConfig english = new GymConfig(
                List.of("en"),
                GymConfig.defaults().levelWeights(),
                FAMILIES,
                0.2,
                List.of("python"),
                6,
                List.of("code"));
        ProblemSource train = Gym.training(english, 1);
        ProblemSource eval = Gym.evaluation(english, 1);
        Set<String> training = new HashSet<>();
        Set<String> heldOut = new HashSet<>();
        for (int i = 0; i < 6_000; i++) {
            training.add(asked(train.get(i)));
            heldOut.add(asked(eval.get(i)));
        }
        assertTrue(training.size() > 2500 && heldOut.size() > 500, training.size() + " " + heldOut.size());
        for (String asked : heldOut) assertFalse(training.contains(asked), asked);
    }

    /** A formula with its numbers asks the same in every language; a story does in the same words about anybody. */
    private static String asked(Problem problem) {
        String formula = formula(problem);
        if (formula.length() > 1)
            return formula + numbers(problem.statement()).stream().sorted().toList();
        return problem.statement().replaceAll("Emma|Tom|Lucy", "N");
    }
}
