package io.tramontane.data.gym;

import java.util.List;
import java.util.Map;

/**
 * Linear equations in x. Level 1: x + a = b; 2: ax + b = c; 3: ax + b = cx + d; 4: a(x + b) = cx + d;
 * 5: a(x + b) + c(x + d) = e; 6: ax + b = cx + d with a fraction as its solution.
 */
final class EquationFamily implements Family {
    static final String NAME = "equations";

    private final PhraseBook book;

    EquationFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exercise draw(int level, Dice dice) {
        int x = dice.between(-20, 20);
        int a = dice.between(2, 9);
        int b = signed(20, dice);
        int c = a + (dice.chance(0.5) ? 1 : -1) * dice.between(1, 6);
        if (c == 0) c = a + 7;
        int d = signed(9, dice);
        Fraction solution = Fraction.of(x, 1);
        String equation =
                switch (level) {
                    case 1 -> "x" + plus(b) + " = " + (x + b);
                    case 2 -> a + "x" + plus(b) + " = " + (a * x + b);
                    case 3 -> a + "x" + plus(b) + " = " + times(c) + plus(a * x + b - c * x);
                    case 4 -> a + "(x" + plus(b) + ") = " + times(c) + plus(a * (x + b) - c * x);
                    case 5 ->
                        a + "(x" + plus(b) + ")" + (c < 0 ? " - " : " + ") + factor(c) + "(x" + plus(d) + ") = "
                                + (a * (x + b) + c * (x + d));
                    default -> a + "x" + plus(b) + " = " + times(c) + plus(d);
                };
        if (level == 5 && a + c == 0) return draw(level, dice);
        if (level == 6) solution = Fraction.of(d - b, a - c);
        return new Question(NAME, book, "solve", Map.of("e", equation), solution.latex());
    }

    /** From -largest to largest without 0. */
    private static int signed(int largest, Dice dice) {
        return dice.between(1, largest) * (dice.chance(0.5) ? 1 : -1);
    }

    private static String plus(int number) {
        if (number == 0) return "";
        return (number < 0 ? " - " : " + ") + Math.abs(number);
    }

    private static String times(int factor) {
        if (factor == 1) return "x";
        return factor == -1 ? "-x" : factor + "x";
    }

    private static String factor(int factor) {
        return Math.abs(factor) == 1 ? "" : Integer.toString(Math.abs(factor));
    }
}
