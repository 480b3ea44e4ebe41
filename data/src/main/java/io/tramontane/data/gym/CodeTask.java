package io.tramontane.data.gym;

import java.util.ArrayList;
import java.util.List;

/**
 * One kind of program: reads whole numbers, prints something. {@code {k}}, {@code {m}} and {@code {c}} in the programs are
 * the constants, which make many different problems of one kind; {@code c} carries its sign.
 *
 * @param key name of its sentences in {@code gym/code/LANGUAGE.json}
 * @param level 1 to 6
 * @param formula what is printed, where a formula says it; else empty
 * @param python the whole program
 * @param cpp the body of main
 * @param inputs what one test reads, by test number; small numbers come first
 * @param solver constants k, m, c and the numbers read to the printed text
 */
record CodeTask(String key, int level, String formula, String python, String cpp, Inputs inputs, Solver solver) {

    /** Makes the standard input of one test. */
    interface Inputs {
        String make(int test, Dice dice);
    }

    /** The reference: independent of the program texts. */
    interface Solver {
        String solve(int[] constants, long[] in);
    }

    /** The key of the sentence that explains it. */
    String thinkKey() {
        return "think" + Character.toUpperCase(key.charAt(0)) + key.substring(1);
    }

    static long[] numbers(String stdin) {
        List<Long> numbers = new ArrayList<>();
        for (String word : stdin.trim().split("\\s+")) numbers.add(Long.parseLong(word));
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
