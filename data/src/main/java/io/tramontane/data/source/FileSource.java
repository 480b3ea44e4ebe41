package io.tramontane.data.source;

import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/**
 * The problems of a file, again and again: each pass has every problem once, in its own order. A pass in the file's order
 * comes first where {@code inOrder} is set.
 */
final class FileSource implements ProblemSource {
    private static final long serialVersionUID = 1;

    private final Problem[] problems;
    private final boolean inOrder;
    private final long seed;
    private transient long pass = -1;
    private transient int[] order;

    FileSource(List<Problem> problems, boolean inOrder, long seed) {
        this.problems = problems.toArray(new Problem[0]);
        this.inOrder = inOrder;
        this.seed = seed;
    }

    @Override
    public synchronized Problem get(long index) {
        if (index < 0) throw new IllegalArgumentException("problem index " + index + ", allowed >= 0");
        long wanted = index / problems.length;
        if (order == null || pass != wanted) {
            order = order(wanted);
            pass = wanted;
        }
        return problems[order[(int) (index % problems.length)]];
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(problems.length);
    }

    /** A shuffle that depends on seed and pass alone; the algorithm of {@link Random} is fixed by its specification. */
    private int[] order(long wanted) {
        int[] shuffled = new int[problems.length];
        for (int i = 0; i < shuffled.length; i++) shuffled[i] = i;
        if (inOrder && wanted == 0) return shuffled;
        Random random = new Random(seed * 1_000_003 + wanted);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = kept;
        }
        return shuffled;
    }
}
