package io.tramontane.rewards;

import io.tramontane.data.Evidence;
import io.tramontane.data.RewardBreakdown.Verdict;

/**
 * What a verifier found out about one answer that passed the format gate; numbers come later, in {@link Verifiers}.
 * Verifiers never return null, and nothing that a policy can write makes them throw. A {@link VerifierFault} is ours: it is
 * never worth zero, the completion leaves its group.
 */
public sealed interface VerifierOutcome {
    /** One sentence for a person. */
    String why();

    /** The word that goes into files and metrics. */
    Verdict verdict();

    /** Which rule decided, with which tests; {@link Evidence#NONE} when the fault is ours. */
    Evidence evidence();

    /** Correctness as a share, 0 to 1: 1 when correct. Only defined when the fault is not ours. */
    double share();

    /** The answer is right. */
    record Correct(String why, Evidence evidence) implements VerifierOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.CORRECT;
        }

        @Override
        public double share() {
            return 1;
        }
    }

    /** The answer was understood, and it is not the right one; {@code share} is what passed where that counts, else 0. */
    record Wrong(String why, double share, Evidence evidence) implements VerifierOutcome {
        /** Checks the share. */
        public Wrong {
            checkPartial(share);
        }

        /** Nothing of it counts. */
        public Wrong(String why, Evidence evidence) {
            this(why, 0, evidence);
        }

        @Override
        public Verdict verdict() {
            return Verdict.WRONG;
        }
    }

    /** The answer is nothing that the verifier can read; the policy's fault. */
    record Unparseable(String why, Evidence evidence) implements VerifierOutcome {
        @Override
        public double share() {
            return 0;
        }

        @Override
        public Verdict verdict() {
            return Verdict.UNPARSEABLE;
        }
    }

    /** The program did not get as far as a complete output: compiler error, limit, crash; the policy's fault. */
    record Failed(Verdict verdict, String why, double share, Evidence evidence) implements VerifierOutcome {
        /** Checks the share. */
        public Failed {
            checkPartial(share);
        }

        /** Nothing of it counts. */
        public Failed(Verdict verdict, String why, Evidence evidence) {
            this(verdict, why, 0, evidence);
        }
    }

    /** We could not judge it. */
    record VerifierFault(String why) implements VerifierOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.UNSCORED;
        }

        @Override
        public Evidence evidence() {
            return Evidence.NONE;
        }

        @Override
        public double share() {
            throw new IllegalStateException("an unscored answer has no share: " + why);
        }
    }

    /** True when the policy has nothing to do with the outcome. */
    default boolean isOurFault() {
        return verdict() == Verdict.UNSCORED;
    }

    private static void checkPartial(double share) {
        if (!(share >= 0 && share < 1)) throw new IllegalArgumentException("share " + share + ", allowed 0 to below 1");
    }
}
