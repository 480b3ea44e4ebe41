package io.tramontane.data.gym;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Short stories with two to four quantities. Level 1: a price; 2: change; 3: ages; 4: a journey in two parts; 5: two who
 * meet; 6: unequal shares.
 */
final class WordFamily implements Family {
    static final String NAME = "words";

    private final PhraseBook book;

    WordFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exercise draw(int level, Dice dice) {
        return switch (level) {
            case 1 -> price(dice);
            case 2 -> change(dice);
            case 3 -> ages(dice);
            case 4 -> travel(dice);
            case 5 -> meeting(dice);
            default -> shares(dice);
        };
    }

    private Question price(Dice dice) {
        int n = dice.between(2, 20);
        int p = dice.between(2, 40);
        return question("price", n * p, "n", n, "p", p);
    }

    private Question change(Dice dice) {
        int n = dice.between(2, 9);
        int p = dice.between(2, 19);
        int paid = (n * p / 10 + dice.between(1, 3)) * 10;
        return question("change", paid - n * p, "n", n, "p", p, "b", paid);
    }

    private Question ages(Dice dice) {
        int a = dice.between(10, 16);
        int k = dice.between(3, 5);
        int y = dice.between(1, 15);
        return question("ages", a * (k + 1) + 2 * y, "a", a, "k", k, "y", y);
    }

    private Question travel(Dice dice) {
        int h = dice.between(2, 6);
        int g = dice.between(2, 6);
        int v = 10 * dice.between(3, 12);
        int w = 10 * dice.between(3, 12);
        return question("travel", h * v + g * w, "h", h, "g", g, "v", v, "w", w);
    }

    private Question meeting(Dice dice) {
        int hours = dice.between(2, 9);
        int v = dice.between(12, 60);
        int w = dice.between(12, 60);
        return question("meeting", hours, "d", hours * (v + w), "v", v, "w", w);
    }

    private Question shares(Dice dice) {
        int first = dice.between(5, 80);
        int d = dice.between(2, 40);
        int k = dice.between(2, 6);
        return question("shares", first, "t", (2 + k) * first + d, "d", d, "k", k);
    }

    private Question question(String key, int answer, Object... slotsAndNumbers) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < slotsAndNumbers.length; i += 2) {
            values.put((String) slotsAndNumbers[i], String.valueOf(slotsAndNumbers[i + 1]));
        }
        return new Question(NAME, book, key, values, Integer.toString(answer));
    }
}
