package io.tramontane.model;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Times products of a model's largest matrices in every layout, on the calling thread and by its processor time, which other
 * work on the machine hardly changes: the least of some turns, in which the layouts alternate.
 */
final class LayoutBench {
    /** Of one layout's matrices: with those of the others more than most caches hold, as when decoding. */
    private static final long BYTES = 96L << 20;

    /** Multiplications and additions of a turn, about. */
    private static final double WORK = 5e8;

    /** The first turn makes the kernels and does not count. */
    private static final int LEAST_TURNS = 6;

    private static final int MOST_TURNS = 60;

    /** Of a number of rows in all layouts: turns of a small model take so little that the clock and neighbours show. */
    private static final long ENOUGH_NANOS = 60_000_000;

    /** Rows that blocks are made for, as a generator says its slots: it changes the times by a few hundredths. */
    private static final long HINT = 32;

    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    private final Policy policy;
    private final int layers;
    private final long most;
    private final long numbers;

    private LayoutBench(Policy policy) {
        this.policy = policy;
        PolicyConfig shape = policy.config();
        long size = policy.half() ? Short.BYTES : Float.BYTES;
        long rows = 2L * shape.hidden();
        this.most = Math.min(rows, Math.max(1, BYTES / size / shape.width()));
        this.numbers = most * shape.width();
        this.layers = (int) Math.max(1, Math.min(shape.layers(), BYTES / size / numbers));
    }

    /** Times products with a policy's weights, which lie as they do in theta. */
    static LayoutTimes measure(Policy policy, IValue plain) {
        return new LayoutBench(policy).measured(plain);
    }

    private LayoutTimes measured(IValue weights) {
        Map<Layout, IValue> samples = new EnumMap<>(Layout.class);
        try {
            IValue plain = policy.runWith(weights, "samples", IValue.from((long) layers), IValue.from(most));
            samples.put(Layout.PLAIN, plain);
            samples.put(Layout.COLUMNS, laidOut(plain, false));
            blocks(plain).ifPresent(blocks -> samples.put(Layout.BLOCKS, blocks));
            Map<Layout, List<Long>> nanos = new EnumMap<>(Layout.class);
            for (Layout layout : Layout.values()) nanos.put(layout, new ArrayList<>());
            for (int rows : LayoutTimes.ROWS) {
                Map<Layout, Long> best = time(samples, rows);
                for (Layout layout : Layout.values()) nanos.get(layout).add(best.getOrDefault(layout, Long.MAX_VALUE));
            }
            return new LayoutTimes(nanos);
        } finally {
            samples.values().forEach(IValue::close);
        }
    }

    /** None in bfloat16 on a processor that has none: they are never the faster ones then. */
    private Optional<IValue> blocks(IValue plain) {
        IValue made = null;
        try {
            made = laidOut(plain, true);
            multiply(made, 1, 1);
            return Optional.of(made);
        } catch (EngineException e) {
            if (made != null) made.close();
            return Optional.empty();
        }
    }

    private IValue laidOut(IValue plain, boolean blocks) {
        return policy.runWith(plain, "samples_laid_out", IValue.from(blocks), IValue.from(HINT));
    }

    private Map<Layout, Long> time(Map<Layout, IValue> samples, int rows) {
        long count = (long) Math.max(1, Math.min(layers, WORK / (2.0 * rows * numbers)));
        Map<Layout, Long> best = new EnumMap<>(Layout.class);
        long spent = 0;
        for (int turn = 0; turn < LEAST_TURNS || turn < MOST_TURNS && spent < ENOUGH_NANOS; turn++)
            for (Map.Entry<Layout, IValue> sample : samples.entrySet()) {
                long start = clock.getCurrentThreadCpuTime();
                multiply(sample.getValue(), rows, count);
                long took = clock.getCurrentThreadCpuTime() - start;
                spent += took;
                if (turn > 0) best.merge(sample.getKey(), took, Math::min);
            }
        return best;
    }

    private void multiply(IValue samples, long rows, long count) {
        Policy.free(policy.runWith(
                samples, "rehearse", Policy.tensor(policy.theta()), IValue.from(rows), IValue.from(count)));
    }
}
