package io.tramontane.app.cli;

import io.tramontane.model.Keep;
import io.tramontane.model.Shard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tries ways to divide devices into trainer ranks and generators: powers of two of trainers and half as many more, what they divide, what a pass
 * keeps, one, two or four longest sequences a microbatch. A generator gets as many slots as fit, but no more than keep
 * n_async / n_batch at 2.
 *
 * @param recipe what is trained, with plan.memory and the rates
 * @param devices of all ranks together
 */
record SplitSearch(Plan recipe, int devices) {
    private static final int MOST_SEQUENCES = 4;
    private static final int ASYNC_SHARE = 2;

    /**
     * One way.
     *
     * @param plan of it
     * @param sets that make it from the recipe
     * @param seconds of a step; with a schedule of the longest stage's
     * @param excess bytes that a trainer rank and a generator take beyond their devices
     */
    record Split(Plan plan, List<String> sets, double seconds, double excess) {
        boolean fits() {
            return excess == 0;
        }
    }

    /** All that were tried, those that fit before the others, the fastest and then the simplest first. */
    List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int trainers : trainers())
            for (Shard shard : shards(trainers))
                for (Keep keep : Keep.values())
                    for (int sequences = 1; sequences <= MOST_SEQUENCES; sequences *= 2)
                        splits.add(split(List.of(
                                "cluster.trainers=" + trainers,
                                "cluster.generators=" + (devices - trainers),
                                "trainer.shard=" + shard,
                                "trainer.keep=" + keep,
                                "trainer.microbatchTokens=" + sequences * recipe.longest())));
        splits.sort(Comparator.comparingDouble(Split::excess).thenComparingDouble(Split::seconds)); // stable
        return splits;
    }

    /** 1, 2, 3, 4, 6, 8, 12, ... */
    List<Integer> trainers() {
        List<Integer> counts = new ArrayList<>();
        for (int power = 1; power < devices; power *= 2) {
            counts.add(power);
            if (power > 1 && power / 2 * 3 < devices) counts.add(power / 2 * 3);
        }
        return counts;
    }

    private List<Shard> shards(int trainers) {
        boolean one = trainers == 1 || recipe.config().trainer().lora().on();
        return one ? List.of(Shard.NONE) : List.of(Shard.values());
    }

    private Split split(List<String> sets) {
        Plan plan = recipe.with(sets);
        double memory = plan.config().plan().memory();
        int generators = plan.config().cluster().generators().most();
        int wanted = Math.max(1, ASYNC_SHARE * plan.config().trainer().batchSize() / generators);
        int slots = Math.max(1, plan.with(List.of("rollout.slots=" + wanted)).slotsWithin(memory));
        List<String> all = new ArrayList<>(sets);
        all.add("rollout.slots=" + slots);
        Plan whole = plan.with(all);
        double seconds = whole.stages().values().stream()
                .mapToDouble(stage -> stage.step().time().seconds())
                .max()
                .orElseThrow();
        double excess = Math.max(0, whole.trainerBytes() - memory) + Math.max(0, whole.generatorBytes() - memory);
        return new Split(whole, all, seconds, excess);
    }

    /** Of so many trainers the best; empty where none was tried. */
    static Optional<Split> bestOf(List<Split> splits, int trainers) {
        return splits.stream()
                .filter(split -> split.plan().config().cluster().trainers() == trainers)
                .findFirst();
    }
}
