package io.tramontane.model;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Times products of a model's largest matrices in every layout, on the calling thread and by its processor time, which other
 * work on the machine hardly changes: the least of some turns, in which the layouts alternate.
 */
final class LayoutBench {
    /** Of one layout's matrices: with those of the others more than most caches hold, as when decoding. */
    private static final long BYTES = 96L << 20;

    /** Multiplications and additions of a turn, about. */
    private static final double WORK = 5e8;

    private static final int TURNS = 3;

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
            try {
                samples.put(Layout.BLOCKS, laidOut(plain, true));
            } catch (EngineException e) {
                // bfloat16 on a processor that has no blocks for it: they are never the faster ones
            }
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

    private IValue laidOut(IValue plain, boolean blocks) {
        return policy.runWith(plain, "samples_laid_out", IValue.from(blocks), IValue.from(HINT));
    }

    private Map<Layout, Long> time(Map<Layout, IValue> samples, int rows) {
        long count = (long) Math.max(1, Math.min(layers, WORK / (2.0 * rows * numbers)));
        Map<Layout, Long> best = new EnumMap<>(Layout.class);
        for (int turn = 0; turn <= TURNS; turn++)
            for (Map.Entry<Layout, IValue> sample : samples.entrySet()) {
                long start = clock.getCurrentThreadCpuTime();
                Policy.free(policy.runWith(
                        sample.getValue(),
                        "rehearse",
                        Policy.tensor(policy.theta()),
                        IValue.from((long) rows),
                        IValue.from(count)));
                long took = clock.getCurrentThreadCpuTime() - start;
                if (turn > 0) best.merge(sample.getKey(), took, Math::min); // the first turn makes the kernels
            }
        return best;
    }
}
