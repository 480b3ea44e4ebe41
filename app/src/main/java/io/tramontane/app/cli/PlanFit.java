package io.tramontane.app.cli;

import io.tramontane.app.plan.Amount;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.Shard;
import io.tramontane.trainer.TrainerConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The smallest change of the trainer's settings with which a run fits: the one of fewest keys, found by planning the run with
 * each.
 *
 * @param plan of the run that does not fit
 * @param bytes that a plan takes of the memory
 * @param memory in bytes
 */
record PlanFit(Plan plan, ToLongFunction<Plan> bytes, double memory) {
    private static final int MOST_TRAINERS = 1024;
    private static final int TOKENS_STEP = 256;

    /** What may change; of changes of as many keys the first is taken. */
    private enum Change {
        KEEP,
        MICROBATCH,
        SHARD,
        TRAINERS,
        MOMENTS
    }

    /** For the end of a complaint. */
    String text() {
        return sets().map(sets -> "; it would fit with --set " + String.join(" --set ", sets) + ", which takes "
                        + Amount.bytes(bytes.applyAsLong(plan.with(sets))))
                .orElseGet(() ->
                        "; no trainer.keep, trainer.microbatchTokens, trainer.optimizer.moments, trainer.shard and cluster.trainers up to "
                                + MOST_TRAINERS + " make it fit, the least takes " + Amount.bytes(least()));
    }

    /** Values of the config, {@code path=value}; empty where none makes the run fit. */
    Optional<List<String>> sets() {
        return subsets().stream().map(this::fitting).flatMap(Optional::stream).findFirst();
    }

    /** Smaller ones first. */
    private List<Set<Change>> subsets() {
        List<Set<Change>> all = new ArrayList<>();
        for (int bits = 1; bits < 1 << Change.values().length; bits++) {
            Set<Change> some = EnumSet.noneOf(Change.class);
            for (Change change : Change.values()) if ((bits & 1 << change.ordinal()) != 0) some.add(change);
            if (possible(some)) all.add(some);
        }
        all.sort(Comparator.comparingInt(Set::size)); // stable
        return all;
    }

    private boolean possible(Set<Change> some) {
        TrainerConfig trainer = plan.config().trainer();
        boolean several = plan.config().cluster().trainers() > 1 || some.contains(Change.TRAINERS);
        boolean divided = trainer.shard() != Shard.NONE || some.contains(Change.SHARD);
        if (some.contains(Change.KEEP) && trainer.keep() == Keep.BLOCKS) return false;
        if (some.contains(Change.MOMENTS) && trainer.optimizer().moments() == Dtype.BFLOAT16) return false;
        if (some.contains(Change.MICROBATCH) && trainer.microbatchTokens() == plan.longest()) return false;
        if (some.contains(Change.SHARD) && (trainer.lora().on() || trainer.shard() == Shard.FULL || !several))
            return false;
        return !some.contains(Change.TRAINERS) || divided;
    }

    private Optional<List<String>> fitting(Set<Change> some) {
        for (Shard shard : some.contains(Change.SHARD)
                ? stronger()
                : List.of(plan.config().trainer().shard()))
            for (int trainers : some.contains(Change.TRAINERS)
                    ? more()
                    : List.of(plan.config().cluster().trainers())) {
                List<String> sets = new ArrayList<>();
                if (some.contains(Change.KEEP)) sets.add("trainer.keep=" + Keep.BLOCKS);
                if (some.contains(Change.SHARD)) sets.add("trainer.shard=" + shard);
                if (some.contains(Change.TRAINERS)) sets.add("cluster.trainers=" + trainers);
                if (some.contains(Change.MOMENTS)) sets.add("trainer.optimizer.moments=" + Dtype.BFLOAT16);
                if (!some.contains(Change.MICROBATCH)) {
                    if (fits(sets)) return Optional.of(sets);
                } else if (fits(with(sets, plan.longest()))) {
                    return Optional.of(with(sets, mostTokens(sets)));
                }
            }
        return Optional.empty();
    }

    private List<Shard> stronger() {
        return plan.config().trainer().shard() == Shard.NONE
                ? List.of(Shard.OPTIMIZER, Shard.FULL)
                : List.of(Shard.FULL);
    }

    private List<Integer> more() {
        List<Integer> powers = new ArrayList<>();
        for (int count = 2; count <= MOST_TRAINERS; count *= 2)
            if (count > plan.config().cluster().trainers()) powers.add(count);
        return powers;
    }

    private static List<String> with(List<String> sets, int tokens) {
        List<String> more = new ArrayList<>(sets);
        more.add("trainer.microbatchTokens=" + tokens);
        return more;
    }

    /** The largest trainer.microbatchTokens that fits, or that of the longest sequence. */
    int mostTokens(List<String> sets) {
        int fits = 0; // steps above the longest sequence
        int tooMany = (plan.config().trainer().microbatchTokens() - plan.longest()) / TOKENS_STEP + 1;
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) / 2;
            if (fits(with(sets, plan.longest() + middle * TOKENS_STEP))) fits = middle;
            else tooMany = middle;
        }
        return plan.longest() + fits * TOKENS_STEP;
    }

    private boolean fits(List<String> sets) {
        return bytes.applyAsLong(plan.with(sets)) <= memory;
    }

    private long least() {
        List<String> sets =
                new ArrayList<>(List.of("trainer.keep=" + Keep.BLOCKS, "trainer.optimizer.moments=" + Dtype.BFLOAT16));
        if (!plan.config().trainer().lora().on()) sets.add("trainer.shard=" + Shard.FULL);
        long few = bytes.applyAsLong(plan.with(with(sets, plan.longest())));
        sets.add("cluster.trainers=" + MOST_TRAINERS);
        return Math.min(few, bytes.applyAsLong(plan.with(with(sets, plan.longest()))));
    }
}
