package io.tramontane.data.gym;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Division with a remainder. Level 1: a number; 2: a product; 3: a small power; 4: a large power; 5: the smallest number
 * with two remainders; 6: with three.
 */
final class RemainderFamily implements Family {
    static final String NAME = "remainders";
    /** No two share a factor, so remainders by several of them fix a number below their product. */
    private static final List<Integer> COPRIME = List.of(3, 4, 5, 7, 11, 13, 17);

    private final PhraseBook book;

    RemainderFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exercise draw(int level, Dice dice) {
        return switch (level) {
            case 1 -> single(Integer.toString(dice.between(20, 999)), dice);
            case 2 -> single(dice.between(11, 99) + " \\cdot " + dice.between(11, 99), dice);
            case 3 -> single(dice.between(3, 20) + "^{" + dice.between(2, 6) + "}", dice);
            case 4 -> single(dice.between(3, 50) + "^{" + dice.between(20, 99) + "}", dice);
            case 5 -> smallest("two", pickModuli(2, dice), dice);
            default -> smallest("three", pickModuli(3, dice), dice);
        };
    }

    private Question single(String expression, Dice dice) {
        int modulus = dice.between(3, 13);
        BigInteger value = value(expression);
        return new Question(
                NAME,
                book,
                "single",
                Map.of("e", expression, "m", Integer.toString(modulus)),
                value.mod(BigInteger.valueOf(modulus)).toString());
    }

    private static BigInteger value(String expression) {
        if (expression.contains("^")) {
            String[] power = expression.replace("}", "").split("\\^\\{");
            return new BigInteger(power[0]).pow(Integer.parseInt(power[1]));
        }
        BigInteger product = BigInteger.ONE;
        for (String factor : expression.split(" \\\\cdot ")) product = product.multiply(new BigInteger(factor));
        return product;
    }

    private static List<Integer> pickModuli(int count, Dice dice) {
        List<Integer> moduli = new ArrayList<>(COPRIME);
        while (moduli.size() > count) moduli.remove(dice.below(moduli.size()));
        return moduli;
    }

    private Question smallest(String key, List<Integer> moduli, Dice dice) {
        int product = moduli.stream().reduce(1, (a, b) -> a * b);
        int number = dice.between(1, product);
        Map<String, String> values = new java.util.TreeMap<>();
        String modulusSlots = "mno";
        String remainderSlots = "rst";
        for (int i = 0; i < moduli.size(); i++) {
            values.put(modulusSlots.substring(i, i + 1), Integer.toString(moduli.get(i)));
            values.put(remainderSlots.substring(i, i + 1), Integer.toString(number % moduli.get(i)));
        }
        return new Question(NAME, book, key, values, Integer.toString(number));
    }
}
