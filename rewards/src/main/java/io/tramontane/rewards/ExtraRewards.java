package io.tramontane.rewards;

import io.tramontane.data.BadInputException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rewards that the user added, made from the names of their classes: with the config's overrides the only reflection
 * of the program. The classes are looked up where the thread looks, because Spark's executors load a user's jars apart.
 */
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
        Class<?> type = find(extra.className(), key);
        if (!Reward.class.isAssignableFrom(type))
            throw new BadInputException(key + ": does not implement " + Reward.class.getName());
        try {
            Constructor<?> withOptions = constructor(type, Map.class);
            if (withOptions != null) return (Reward) withOptions.newInstance(extra.options());
            Constructor<?> plain = constructor(type);
            if (plain == null)
                throw new BadInputException(key + ": has no public constructor without parameters or with a Map");
            if (!extra.options().isEmpty())
                throw new BadInputException(
                        key + ": takes no options, its only public constructor has no parameters; given "
                                + extra.options().keySet());
            return (Reward) plain.newInstance();
        } catch (InvocationTargetException theirs) {
            throw new BadInputException(key + ": its constructor failed: " + theirs.getCause());
        } catch (InstantiationException | IllegalAccessException | LinkageError cannot) {
            throw new BadInputException(
                    key + ": cannot be made, it must be a public class that is not abstract: " + cannot);
        }
    }

    private static Class<?> find(String name, String key) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, true, loader != null ? loader : ExtraRewards.class.getClassLoader());
        } catch (ClassNotFoundException none) {
            throw new BadInputException(key + ": no such class on the class path (TRAMONTANE_CLASSPATH)");
        } catch (LinkageError broken) {
            throw new BadInputException(key + ": cannot be loaded: " + broken);
        }
    }

    private static Constructor<?> constructor(Class<?> type, Class<?>... parameters) {
        try {
            return type.getConstructor(parameters);
        } catch (NoSuchMethodException none) {
            return null;
        }
    }
}
