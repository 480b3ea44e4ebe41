package io.tramontane.data.gym;

import java.util.ArrayList;
import java.util.List;

/**
 * Somebody has some things; each step adds or removes 1 to 12, doubles or triples; all numbers stay in 1 to 60. The level
 * is the number of steps. This is the family that a policy of a million parameters can learn to reason about.
 */
final class ChainFamily implements Family {
    static final String NAME = "chain";
    static final int LARGEST = 60;
    private static final int LARGEST_START = 30;
    private static final int LARGEST_CHANGE = 12;
    /** Adding and removing are four times as common as doubling and tripling. */
    private static final List<Double> HOW_OFTEN = List.of(4.0, 4.0, 1.0, 1.0);

    private final PhraseBook book;

    ChainFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    /** What a step does to the number. */
    enum Operation {
        ADD("Add", "+"),
        REMOVE("Remove", "-"),
        DOUBLE("Double", "*"),
        TRIPLE("Triple", "*");

        final String key;
        final String symbol;

        Operation(String key, String symbol) {
            this.key = key;
            this.symbol = symbol;
        }
    }

    /** One step; {@code n} is 2 for DOUBLE and 3 for TRIPLE. */
    record Step(Operation operation, int n) {
        int apply(int before) {
            return switch (operation) {
                case ADD -> before + n;
                case REMOVE -> before - n;
                case DOUBLE, TRIPLE -> before * n;
            };
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Chain draw(int level, Dice dice) {
        int start = dice.between(1, LARGEST_START);
        List<Step> steps = new ArrayList<>();
        int value = start;
        while (steps.size() < level) {
            Step step = step(dice);
            int after = step.apply(value);
            if (after < 1 || after > LARGEST) continue;
            steps.add(step);
            value = after;
        }
        return new Chain(this, start, steps);
    }

    /** One step as a chain may hold it, not yet checked against the range. */
    static Step step(Dice dice) {
        Operation operation = Operation.values()[dice.weighted(HOW_OFTEN)];
        return switch (operation) {
            case ADD, REMOVE -> new Step(operation, dice.between(1, LARGEST_CHANGE));
            case DOUBLE -> new Step(operation, 2);
            case TRIPLE -> new Step(operation, 3);
        };
    }

    Phrases phrases(String language) {
        return book.in(language);
    }
}
