package io.tramontane.rewards;

import io.tramontane.data.UserClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rewards that the user added, made from the names of their classes ({@link UserClass}). */
final class ExtraRewards {
    private static final Logger LOG = LoggerFactory.getLogger(ExtraRewards.class);

    private final Map<ExtraReward, Reward> rewards = new LinkedHashMap<>();
    private final AtomicBoolean logged = new AtomicBoolean();

    /** A reward of the user's failed; our side's fault, never the policy's. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String why) {
            super(why);
        }
    }

    /** Makes them all; what cannot be made is bad input. */
    ExtraRewards(List<ExtraReward> config) {
        for (ExtraReward extra : config) rewards.put(extra, make(extra));
    }

    /** What each adds, with its weight, by name in the config's order. */
    Map<String, Double> of(Judged judged) throws Failure {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Map.Entry<ExtraReward, Reward> entry : rewards.entrySet())
            values.put(
                    entry.getKey().name(), entry.getKey().weight() * value(entry.getKey(), entry.getValue(), judged));
        return values;
    }

    private double value(ExtraReward extra, Reward reward, Judged judged) throws Failure {
        double value;
        try {
            value = reward.of(judged);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError theirs) {
            if (logged.compareAndSet(false, true))
                LOG.warn("reward {} failed; only the first time is logged", extra.name(), theirs);
            throw new Failure("reward " + extra.name() + " (" + extra.className() + ") failed: " + theirs);
        }
        if (!Double.isFinite(value))
            throw new Failure("reward " + extra.name() + " (" + extra.className() + ") is " + value);
        return value;
    }

    private static Reward make(ExtraReward extra) {
        String key = "rewards.extra." + extra.name() + ".class " + extra.className();
        Map<String, ?> options = extra.options();
        return new UserClass<>(Reward.class, extra.className(), key, "")
                .make(
                        Map.class,
                        options,
                        options.isEmpty() ? "" : options.keySet().toString());
    }
}
