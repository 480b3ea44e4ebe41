package io.tramontane.trainer.loss;

import io.tramontane.data.UserClass;
import java.util.Optional;

/** Makes losses from a config: those of the program by name, the user's by class name ({@link UserClass}). */
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
            case AUTO, NONE -> Optional.empty();
            case TIS -> Optional.of(new TruncatedImportanceSampling(low, high));
            case ICEPOP -> Optional.of(new IcePop(low, high));
            case SEQUENCE_MASK -> Optional.of(new SequenceMask(high));
        };
    }

    private static PolicyLoss ofTheUser(LossConfig config) {
        String options = config.options().isEmpty()
                ? ""
                : "trainer.loss.options " + config.options().keySet();
        String known = ", and no loss of this program: " + Algorithm.words();
        return new UserClass<>(PolicyLoss.class, config.name(), "trainer.loss.name " + config.name(), known)
                .make(LossConfig.class, config, options);
    }
}
