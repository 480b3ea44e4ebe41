package io.tramontane.data.gym;

import java.util.List;
import java.util.Map;

/**
 * Sums and products of fractions. Level 1: two with one denominator; 2: two; 3: three added or subtracted; 4: a product
 * and a sum; 5: four; 6: a product of two brackets.
 */
final class FractionFamily implements Family {
    static final String NAME = "fractions";
    private static final int LARGEST_DENOMINATOR = 12;

    private final PhraseBook book;

    FractionFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    private record Part(String text, Fraction value) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exercise draw(int level, Dice dice) {
        Part whole =
                switch (level) {
                    case 1 -> sameDenominator(dice);
                    case 2 -> sum(2, dice);
                    case 3 -> sum(3, dice);
                    case 4 -> plus(product(fraction(dice), fraction(dice)), fraction(dice), dice);
                    case 5 -> sum(4, dice);
                    default -> product(bracket(sum(2, dice)), bracket(sum(2, dice)));
                };
        return new Question(NAME, book, "compute", Map.of("e", whole.text), whole.value.latex());
    }

    private static Part fraction(Dice dice) {
        return fraction(dice.between(2, LARGEST_DENOMINATOR), dice);
    }

    private static Part fraction(int denominator, Dice dice) {
        int numerator = dice.between(1, 2 * denominator);
        return new Part("\\frac{" + numerator + "}{" + denominator + "}", Fraction.of(numerator, denominator));
    }

    private static Part sameDenominator(Dice dice) {
        int denominator = dice.between(3, 4 * LARGEST_DENOMINATOR);
        return plus(fraction(denominator, dice), fraction(denominator, dice), dice);
    }

    private static Part sum(int terms, Dice dice) {
        Part sum = fraction(dice);
        for (int i = 1; i < terms; i++) sum = plus(sum, fraction(dice), dice);
        return sum;
    }

    private static Part plus(Part left, Part right, Dice dice) {
        if (dice.chance(0.5)) return new Part(left.text + " + " + right.text, left.value.plus(right.value));
        return new Part(left.text + " - " + right.text, left.value.minus(right.value));
    }

    private static Part product(Part left, Part right) {
        return new Part(left.text + " \\cdot " + right.text, left.value.times(right.value));
    }

    private static Part bracket(Part part) {
        return new Part("\\left(" + part.text + "\\right)", part.value);
    }
}
