package io.tramontane.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LossConfigTest {
    private static void refused(String message, org.junit.jupiter.api.function.Executable made) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
    }

    @Test
    void theDefaultIsMagistral() {
        LossConfig config = LossConfig.defaults();
        assertEquals(AdvantageRule.MINIBATCH, config.ownAdvantage());
        assertEquals(Aggregation.TOKEN_MEAN, config.ownAggregation());
        assertEquals(new MagistralLoss(0.2, 0.28), Losses.of(config).loss());
        assertEquals(
                Set.of(), Set.copyOf(Losses.of(config).correction().stream().toList()));
    }

    @Test
    void whatIsNotSetIsTheLossesOwn() {
        assertEquals(new GspoLoss(3e-4, 4e-4), Losses.of(Configs.named("gspo")).loss());
        assertEquals(new CispoLoss(1, 4), Losses.of(Configs.named("cispo")).loss());
        assertEquals(new GmpoLoss(0.4, 0.4), Losses.of(Configs.named("gmpo")).loss());
        assertEquals(
                new DppoTvLoss(0.15, 0.15), Losses.of(Configs.named("dppo-tv")).loss());
        assertEquals(new SapoLoss(1, 1.05), Losses.of(Configs.named("sapo")).loss());
        assertEquals(
                new GspoLoss(3e-4, 1e-3),
                Losses.of(Configs.clipped("gspo", 0, 1e-3)).loss());
        assertEquals(Aggregation.CONSTANT_LENGTH, Configs.named("dr-grpo").ownAggregation());
        assertEquals(AdvantageRule.GROUP, Configs.named("dr-grpo").ownAdvantage());
        assertEquals(AdvantageRule.BATCH, Configs.named("reinforce++").ownAdvantage());
        assertEquals(
                new IcePop(0.5, 5),
                Losses.of(Configs.corrected("dapo", CorrectionRule.ICEPOP))
                        .correction()
                        .orElseThrow());
        assertEquals(
                new TruncatedImportanceSampling(0, 2),
                Losses.of(Configs.corrected("dapo", CorrectionRule.TIS))
                        .correction()
                        .orElseThrow());
        assertEquals(
                new SequenceMask(0.5),
                Losses.of(Configs.corrected("dapo", CorrectionRule.SEQUENCE_MASK))
                        .correction()
                        .orElseThrow());
    }

    @Test
    void decoupledPpoLeavesItsFactorToACorrectionOfTheSameRatio() {
        assertEquals(
                new DecoupledPpoLoss(0.2, 0.2, true),
                Losses.of(Configs.named("decoupled-ppo")).loss());
        assertEquals(
                new DecoupledPpoLoss(0.2, 0.2, false),
                Losses.of(Configs.corrected("decoupled-ppo", CorrectionRule.TIS))
                        .loss());
        assertEquals(
                new DecoupledPpoLoss(0.2, 0.2, true),
                Losses.of(Configs.corrected("decoupled-ppo", CorrectionRule.SEQUENCE_MASK))
                        .loss());
    }

    @Test
    void onlyWhatAsksForTheProximalPolicyNeedsIt() {
        assertTrue(Losses.of(Configs.named("decoupled-ppo")).needsProximal());
        assertTrue(Losses.of(Configs.corrected("gspo", CorrectionRule.TIS)).needsProximal());
        assertTrue(!Losses.of(Configs.named("gspo")).needsProximal());
        assertTrue(!Losses.of(Configs.corrected("dapo", CorrectionRule.SEQUENCE_MASK))
                .needsProximal());
        assertTrue(Losses.of(Configs.corrected("dapo", CorrectionRule.SEQUENCE_MASK))
                .needsWholeSequences());
        assertTrue(!Losses.of(LossConfig.defaults()).needsWholeSequences());
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedByName() {
        refused(
                "trainer.loss.name ppo, allowed magistral, dr-grpo, dapo, gspo, cispo, gmpo, sapo, dppo-tv, decoupled-ppo,"
                        + " reinforce++, or the name of a class on the class path",
                () -> Configs.named("ppo"));
        refused(
                "trainer.loss.clipLow 1.0, allowed (0, 1), or 0 for the loss's own",
                () -> Configs.clipped("magistral", 1, 0));
        refused(
                "trainer.loss.clipHigh 0.1 is below the lower clip 0.2, allowed >= trainer.loss.clipLow, or 0 for the"
                        + " loss's own",
                () -> Configs.clipped("magistral", 0, 0.1));
        refused(
                "trainer.loss.clipLow 0.2 and trainer.loss.clipHigh 0.0 with trainer.loss.name sapo, which has no clip:"
                        + " allowed 0; it has trainer.loss.tauPositive and trainer.loss.tauNegative",
                () -> Configs.clipped("sapo", 0.2, 0));
        refused(
                "trainer.loss.options [decay] with trainer.loss.name gspo: allowed with a loss of yours only",
                () -> Configs.with("gspo", CorrectionRule.NONE, 0, 0, Map.of("decay", "1")));
        assertEquals(1, Configs.clipped("cispo", 1, 0.28).low());
    }

    @Test
    void aCorrectionWithoutBoundsTakesNone() {
        LossConfig d = LossConfig.defaults();
        refused(
                "trainer.loss.correctionLow 0.0 and trainer.loss.correctionHigh 2.0 with trainer.loss.correction none, which"
                        + " has no bounds: leave both at 0, or name tis, icepop or sequence-mask",
                () -> new LossConfig(
                        "gspo",
                        d.advantage(),
                        d.aggregation(),
                        CorrectionRule.NONE,
                        0,
                        0,
                        0,
                        2,
                        1,
                        1,
                        0,
                        0,
                        d.klEstimator(),
                        0,
                        d.reference(),
                        0.9,
                        Map.of()));
        refused(
                "trainer.loss.correctionLow 0.0 and trainer.loss.correctionHigh 0.4 with trainer.loss.correction icepop: the"
                        + " upper bound is not above the lower one",
                () -> new LossConfig(
                        "gspo",
                        d.advantage(),
                        d.aggregation(),
                        CorrectionRule.ICEPOP,
                        0,
                        0,
                        0,
                        0.4,
                        1,
                        1,
                        0,
                        0,
                        d.klEstimator(),
                        0,
                        d.reference(),
                        0.9,
                        Map.of()));
        refused(
                "trainer.loss.reference ema with trainer.loss.klCoef 0: nothing is taken to it, allowed start",
                () -> new LossConfig(
                        "gspo",
                        d.advantage(),
                        d.aggregation(),
                        CorrectionRule.NONE,
                        0,
                        0,
                        0,
                        0,
                        1,
                        1,
                        0,
                        0,
                        d.klEstimator(),
                        0,
                        ReferenceRule.EMA,
                        0.9,
                        Map.of()));
    }

    /** -w A logprobs: no ratio, no clip. */
    public static final class Plain implements PolicyLoss {
        final LossConfig config;

        /** As the program makes it. */
        public Plain(LossConfig config) {
            this.config = config;
        }

        @Override
        public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
            for (int m = from; m < to; m++) slope[m] = (float) (-batch.weight(m) * batch.advantages()[m]);
        }
    }

    @Test
    void aClassOfTheUsersIsMadeWithTheConfig() {
        LossConfig config = Configs.with(Plain.class.getName(), CorrectionRule.NONE, 0, 0, Map.of("decay", "1"));
        Plain plain = assertInstanceOf(Plain.class, Losses.of(config).loss());
        assertEquals("1", plain.config.options().get("decay"));
        assertEquals(AdvantageRule.MINIBATCH, config.ownAdvantage());
    }

    @Test
    void aClassThatCannotBeALossIsBadInput() {
        BadInputException none =
                assertThrows(BadInputException.class, () -> Losses.of(Configs.named("org.users.Gone")));
        assertTrue(
                none.getMessage()
                        .startsWith("trainer.loss.name org.users.Gone: no such class on the class path"
                                + " (TRAMONTANE_CLASSPATH), and no loss of this program: magistral, "),
                none.getMessage());
        BadInputException other =
                assertThrows(BadInputException.class, () -> Losses.of(Configs.named("java.lang.String")));
        assertEquals(
                "trainer.loss.name java.lang.String: does not implement io.tramontane.trainer.loss.PolicyLoss",
                other.getMessage());
    }
}
