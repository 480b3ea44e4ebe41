package io.tramontane.trainer.loss;

import io.tramontane.data.BadInputException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * Makes losses out of a config. One of the user's is looked up where the thread looks, because Spark's executors load a
 * user's jars apart.
 */
public final class Losses {
    private Losses() {}

    /** The whole objective; a class that cannot be made is bad input. */
    public static Objective of(LossConfig config) {
        return new Objective(
                loss(config), correction(config), config.klCoef(), config.klEstimator(), config.entropyBonus());
    }

    private static PolicyLoss loss(LossConfig config) {
        Optional<Algorithm> known = Algorithm.of(config.name());
        if (known.isEmpty()) return ofTheUser(config);
        double low = config.low();
        double high = config.high();
        return switch (known.get()) {
            case MAGISTRAL -> new MagistralLoss(low, high);
            case DR_GRPO -> new DrGrpoLoss(low, high);
            case DAPO -> new DapoLoss(low, high);
            case GSPO -> new GspoLoss(low, high);
            case CISPO -> new CispoLoss(low, high);
            case GMPO -> new GmpoLoss(low, high);
            case SAPO -> new SapoLoss(config.tauPositive(), config.tauNegative());
            case DPPO_TV -> new DppoTvLoss(low, high);
            case DECOUPLED_PPO -> new DecoupledPpoLoss(low, high, !isImportance(config.correction()));
            case REINFORCE -> new ReinforcePlusPlusLoss(low, high);
        };
    }

    private static boolean isImportance(CorrectionRule rule) {
        return rule == CorrectionRule.TIS || rule == CorrectionRule.ICEPOP;
    }

    private static Optional<Correction> correction(LossConfig config) {
        double low = config.lowOfCorrection();
        double high = config.highOfCorrection();
        return switch (config.correction()) {
            case NONE -> Optional.empty();
            case TIS -> Optional.of(new TruncatedImportanceSampling(low, high));
            case ICEPOP -> Optional.of(new IcePop(low, high));
            case SEQUENCE_MASK -> Optional.of(new SequenceMask(high));
        };
    }

    private static PolicyLoss ofTheUser(LossConfig config) {
        String key = "trainer.loss.name " + config.name();
        Class<?> type = find(config.name(), key);
        if (!PolicyLoss.class.isAssignableFrom(type))
            throw new BadInputException(key + ": does not implement " + PolicyLoss.class.getName());
        try {
            Constructor<?> withConfig = constructor(type, LossConfig.class);
            if (withConfig != null) return (PolicyLoss) withConfig.newInstance(config);
            Constructor<?> plain = constructor(type);
            if (plain == null)
                throw new BadInputException(
                        key + ": has no public constructor without parameters or with a LossConfig");
            if (!config.options().isEmpty())
                throw new BadInputException(key + ": takes no options, its only public constructor has no parameters;"
                        + " given trainer.loss.options " + config.options().keySet());
            return (PolicyLoss) plain.newInstance();
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
            return Class.forName(name, true, loader != null ? loader : Losses.class.getClassLoader());
        } catch (ClassNotFoundException none) {
            throw new BadInputException(key + ": no such class on the class path (TRAMONTANE_CLASSPATH), and no loss of"
                    + " this program: " + Algorithm.words());
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
