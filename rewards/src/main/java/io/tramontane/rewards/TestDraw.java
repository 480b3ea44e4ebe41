package io.tramontane.rewards;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.TestCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The tests that a group meets (paper section 2.2.2): drawn at random without repetition, the same for every completion
 * of the group, in any process. All of them where the problem has no more than asked. Short inputs first: most wrong
 * programs fail early and cheaply.
 *
 * @param seed what they were drawn with: a hash of the run's seed, the problem's id and the group's number
 * @param numbers [N] which tests of the problem, from 0
 * @param tests [N] the tests themselves
 */
record TestDraw(long seed, List<Integer> numbers, List<TestCase> tests) {

    static TestDraw of(Problem problem, int howMany, long runSeed, long group) {
        String key = runSeed + "/" + group + "/" + problem.id();
        UUID hash = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        long seed = hash.getMostSignificantBits() ^ hash.getLeastSignificantBits();
        SplittableRandom random = new SplittableRandom(seed);
        List<TestCase> all = problem.tests();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) numbers.add(i);
        int drawn = Math.min(howMany, numbers.size());
        for (int i = 0; i < drawn; i++) { // the first steps of Fisher and Yates
            int other = random.nextInt(i, numbers.size());
            Integer taken = numbers.get(other);
            numbers.set(other, numbers.get(i));
            numbers.set(i, taken);
        }
        List<Integer> chosen = new ArrayList<>(numbers.subList(0, drawn));
        chosen.sort(Comparator.<Integer>comparingInt(n -> all.get(n).stdin().length())
                .thenComparingInt(n -> n));
        return new TestDraw(
                seed, List.copyOf(chosen), chosen.stream().map(all::get).toList());
    }
}
