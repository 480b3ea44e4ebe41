package io.tramontane.cluster.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Which groups are sampled together when there is no lag. The last bits of a log-probability depend on what else is in the
 * same matrix product, so a run is only repeatable when the groups that share a generator at a time are always the same,
 * whatever the timing. Therefore groups are leased in fixed sets: as many as the batch still lacks, cut into one set per
 * generator, and no new ones before all of these have ended. A set that was interrupted is sampled again as a whole; what
 * had been delivered of it before is ignored the second time.
 */
final class Waves {
    private final int generators;
    private final List<List<Long>> waves = new ArrayList<>();
    private final Set<Long> groups = new HashSet<>();

    /** Goes on with the sets of the step under way. */
    Waves(int generators, List<List<Long>> underWay) {
        this.generators = generators;
        underWay.forEach(this::add);
    }

    /** Cuts {@code count} new groups from {@code first} on into sets, which are yet to be added. */
    List<List<Long>> cut(long first, int count) {
        int size = (count + generators - 1) / generators;
        List<List<Long>> formed = new ArrayList<>();
        for (int from = 0; from < count; from += size)
            formed.add(LongStream.range(first + from, first + Math.min(count, from + size))
                    .boxed()
                    .toList());
        return formed;
    }

    /** A set of groups that exist already. */
    void add(List<Long> wave) {
        waves.add(List.copyOf(wave));
        groups.addAll(wave);
    }

    /** Forgets sets of which no group is left: they are never sampled again, and a step without signal forms many. */
    void keep(LongPredicate left) {
        waves.removeIf(wave -> wave.stream().noneMatch(left::test));
        groups.clear();
        waves.forEach(groups::addAll);
    }

    boolean contains(long group) {
        return groups.contains(group);
    }

    List<List<Long>> all() {
        return List.copyOf(waves);
    }

    /** The step's batch is taken. */
    void clear() {
        waves.clear();
        groups.clear();
    }
}
