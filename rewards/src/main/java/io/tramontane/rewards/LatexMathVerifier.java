package io.tramontane.rewards;

import io.tramontane.data.Evidence;
import io.tramontane.rewards.VerifierOutcome.Correct;
import io.tramontane.rewards.VerifierOutcome.Unparseable;
import io.tramontane.rewards.VerifierOutcome.VerifierFault;
import io.tramontane.rewards.VerifierOutcome.Wrong;
import io.tramontane.rewards.math.Judgement;
import io.tramontane.rewards.math.MathAnswers;
import java.util.List;

/** The maths verifier: {@link MathAnswers} decides, this turns its judgement into an outcome. */
final class LatexMathVerifier implements MathVerifier {
    @Override
    public VerifierOutcome check(String reference, String prediction) {
        Judgement judgement;
        try {
            judgement = MathAnswers.judge(reference, prediction);
        } catch (RuntimeException bug) {
            return new VerifierFault("the maths verifier failed: " + bug);
        }
        Evidence evidence = new Evidence(judgement.rule(), MathAnswers.SEED, List.of(), 0);
        return switch (judgement.kind()) {
            case EQUAL -> new Correct(judgement.why(), evidence);
            case DIFFERENT -> new Wrong(judgement.why(), evidence);
            case UNREADABLE -> new Unparseable(judgement.why(), evidence);
        };
    }
}
