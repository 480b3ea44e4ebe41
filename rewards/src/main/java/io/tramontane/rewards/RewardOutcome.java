package io.tramontane.rewards;

import io.tramontane.data.RewardBreakdown.Verdict;

/**
 * What a grader found out about one answer that passed the format gate; numbers come later, in {@link Verifiers}.
 * Graders never return null, and nothing that a policy can write makes them throw. A {@link GraderFault} is ours: it is
 * never worth zero, the completion leaves its group.
 */
sealed interface RewardOutcome {
    /** One sentence for a person. */
    String why();

    /** The word that goes into files and metrics. */
    Verdict verdict();

    /** The answer is right. */
    record Correct(String why) implements RewardOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.CORRECT;
        }
    }

    /** The answer was understood, and it is not the right one. */
    record Wrong(String why) implements RewardOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.WRONG;
        }
    }

    /** The answer is nothing that the grader can read; the policy's fault. */
    record Unparseable(String why) implements RewardOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.UNPARSEABLE;
        }
    }

    /** The program did not get as far as a complete output: compiler error, limit, crash; the policy's fault. */
    record Failed(Verdict verdict, String why) implements RewardOutcome {}

    /** We could not judge it. */
    record GraderFault(String why) implements RewardOutcome {
        @Override
        public Verdict verdict() {
            return Verdict.UNSCORED;
        }
    }

    /** True when the policy has nothing to do with the outcome. */
    default boolean isOurFault() {
        return verdict() == Verdict.UNSCORED;
    }

    /** Correctness as a share: 1 or 0. Only defined when the fault is not ours. */
    default double share() {
        if (isOurFault()) throw new IllegalStateException("an unscored answer has no share: " + why());
        return verdict() == Verdict.CORRECT ? 1.0 : 0.0;
    }
}
