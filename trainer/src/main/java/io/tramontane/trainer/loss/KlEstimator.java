package io.tramontane.trainer.loss;

import java.util.Locale;

/** Estimates of KL(pi_theta || pi_reference) from sampled tokens; d = referenceLogprobs - logprobs. */
public enum KlEstimator {
    /**
     * ratio (e^d - d - 1), ratio = exp(logprobs - behaviourLogprobs), which carries gradient: DeepSeek-V3.2 (arXiv:2512.02556,
     * section 3.1). Value and gradient are unbiased under the policy that sampled; TRL takes the ratio to its old policy.
     */
    UNBIASED {
        @Override
        double value(double logprob, double behaviour, double reference) {
            return Math.exp(logprob - behaviour) * K3.value(logprob, behaviour, reference);
        }

        @Override
        double slope(double logprob, double behaviour, double reference) {
            return -Math.exp(logprob - behaviour) * (reference - logprob);
        }
    },
    /** e^d - d - 1, the third estimate of Schulman's note and GRPO's (arXiv:2402.03300, equation 4): its gradient is biased. */
    K3 {
        @Override
        double value(double logprob, double behaviour, double reference) {
            return Math.expm1(reference - logprob) - (reference - logprob);
        }

        @Override
        double slope(double logprob, double behaviour, double reference) {
            return -Math.expm1(reference - logprob);
        }
    };

    /** Of one token, nats. */
    abstract double value(double logprob, double behaviour, double reference);

    /** d value / d logprob. */
    abstract double slope(double logprob, double behaviour, double reference);

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
