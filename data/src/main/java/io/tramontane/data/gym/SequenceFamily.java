package io.tramontane.data.gym;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sequences. Level 1: the next number of an arithmetic one; 2: its n-th; 3: the n-th of a geometric one; 4: the next
 * number where differences grow evenly; 5: the n-th where each is the sum of two; 6: the sum of the first n.
 */
final class SequenceFamily implements Family {
    static final String NAME = "sequences";
    private static final int SHOWN = 5;

    private final PhraseBook book;

    SequenceFamily(List<String> languages) {
        book = new PhraseBook(NAME, languages);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exercise draw(int level, Dice dice) {
        int a = dice.between(1, 30);
        int d = dice.between(2, 15);
        return switch (level) {
            case 1 -> next(a, d, 0);
            case 2 -> {
                int n = dice.between(8, 50);
                yield question("arithmetic", Map.of("a", a, "d", d, "n", n), a + (n - 1L) * d);
            }
            case 3 -> {
                int q = dice.between(2, 4);
                int n = dice.between(4, 8);
                yield question("geometric", Map.of("a", a, "q", q, "n", n), a * Math.round(Math.pow(q, n - 1)));
            }
            case 4 -> next(a, d, dice.between(1, 9));
            case 5 -> {
                int n = dice.between(7, 15);
                yield question("sumOfTwo", Map.of("a", a, "b", d, "n", n), sumOfTwo(a, d, n));
            }
            default -> {
                int n = dice.between(10, 60);
                yield question("sum", Map.of("a", a, "d", d, "n", n), n * (2L * a + (n - 1L) * d) / 2);
            }
        };
    }

    private Question question(String key, Map<String, Integer> numbers, long answer) {
        Map<String, String> values = numbers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Integer.toString(entry.getValue())));
        return new Question(NAME, book, key, values, Long.toString(answer));
    }

    /** First number a, first difference d, and the difference grows by g each time. */
    private Question next(int a, int d, int g) {
        String shown = IntStream.range(0, SHOWN)
                .mapToObj(i -> Integer.toString(at(i, a, d, g)))
                .collect(Collectors.joining(", "));
        return new Question(NAME, book, "next", Map.of("s", shown), Integer.toString(at(SHOWN, a, d, g)));
    }

    private static int at(int i, int a, int d, int g) {
        return a + i * d + g * i * (i - 1) / 2;
    }

    private static long sumOfTwo(long first, long second, int n) {
        for (int i = 1; i < n; i++) {
            long third = first + second;
            first = second;
            second = third;
        }
        return first;
    }
}
