package io.tramontane.data.gym;

import java.util.List;
import java.util.Map;

/** Expressions of sums, differences and products with brackets; the level is the number of operations. */
final class ArithmeticFamily implements Family {
    static final String NAME = "arithmetic";
    private static final int LARGEST_NUMBER = 30;
    private static final long LARGEST_VALUE = 100_000;

    private final PhraseBook book;

    ArithmeticFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    /**
     * Part of an expression.
     *
     * @param binding 1 for sums and differences, 2 for products, 3 for numbers: a looser part needs brackets
     */
    private record Part(String text, long value, int binding) {
        String inside(int needed) {
            return binding >= needed ? text : "(" + text + ")";
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exercise draw(int level, Dice dice) {
        Part whole;
        do {
            whole = part(level, dice);
        } while (Math.abs(whole.value) > LARGEST_VALUE);
        return new Question(NAME, book, "compute", Map.of("e", whole.text), Long.toString(whole.value));
    }

    private static Part part(int operations, Dice dice) {
        if (operations == 0) {
            int number = dice.between(2, LARGEST_NUMBER);
            return new Part(Integer.toString(number), number, 3);
        }
        int leftOperations = dice.below(operations);
        Part left = part(leftOperations, dice);
        Part right = part(operations - 1 - leftOperations, dice);
        return switch (dice.below(3)) {
            case 0 -> new Part(left.inside(1) + " + " + right.inside(1), left.value + right.value, 1);
            case 1 -> new Part(left.inside(1) + " - " + right.inside(2), left.value - right.value, 1);
            default -> new Part(left.inside(2) + " \\cdot " + right.inside(2), left.value * right.value, 2);
        };
    }
}
