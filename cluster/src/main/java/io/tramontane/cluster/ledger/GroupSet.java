package io.tramontane.cluster.ledger;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Numbers of groups: a million that follow each other need some hundred kilobytes. */
final class GroupSet {
    private static final int BITS = 16;
    private static final long MASK = (1 << BITS) - 1;

    private final TreeMap<Long, BitSet> pages = new TreeMap<>();
    private long size;

    /** False if it was there already. */
    boolean add(long group) {
        BitSet page = pages.computeIfAbsent(group >> BITS, key -> new BitSet());
        int bit = (int) (group & MASK);
        if (page.get(bit)) return false;
        page.set(bit);
        size++;
        return true;
    }

    boolean contains(long group) {
        BitSet page = pages.get(group >> BITS);
        return page != null && page.get((int) (group & MASK));
    }

    long size() {
        return size;
    }

    /** In ascending order. */
    void forEach(LongConsumer sink) {
        for (Map.Entry<Long, BitSet> page : pages.entrySet())
            page.getValue().stream().forEach(bit -> sink.accept((page.getKey() << BITS) + bit));
    }
}
