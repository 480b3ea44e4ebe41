package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.JsonReading;
import io.tramontane.trainer.loss.AdvantageRule;
import io.tramontane.trainer.loss.Aggregation;
import io.tramontane.trainer.loss.Configs;
import io.tramontane.trainer.loss.CorrectionRule;
import io.tramontane.trainer.loss.KlEstimator;
import io.tramontane.trainer.loss.LossConfig;
import io.tramontane.trainer.loss.Losses;
import io.tramontane.trainer.loss.Measure;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.Objective;
import io.tramontane.trainer.loss.TokenBatch;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * From rewards and logits to the gradient of the logits, as TRL 1.16.0 and verl 0.9.1 compute it with their own functions and
 * autograd; the fixture is by tools/losses_fixture.py and says which made what.
 */
class PublishedLossesTest {
    private static final JsonNode FIXTURE = read();

    private static JsonNode read() {
        try (InputStream in = PublishedLossesTest.class.getResourceAsStream("/losses.json")) {
            return JsonReading.mapper().readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static double[] doubles(JsonNode array) {
        double[] all = new double[array.size()];
        for (int i = 0; i < all.length; i++) all[i] = array.get(i).doubleValue();
        return all;
    }

    private static float[] floats(JsonNode array) {
        float[] all = new float[array.size()];
        for (int i = 0; i < all.length; i++) all[i] = (float) array.get(i).doubleValue();
        return all;
    }

    @Test
    void advantagesAreThoseOfNumpy() {
        List<double[]> rewards = new ArrayList<>();
        FIXTURE.path("advantages").path("rewards").forEach(group -> rewards.add(doubles(group)));
        for (AdvantageRule rule : AdvantageRule.values()) {
            if (rule == AdvantageRule.AUTO) continue;
            JsonNode expected = FIXTURE.path("advantages").path("rules").path(rule.toString());
            double[][] found = Advantages.of(rule, rewards);
            assertEquals(found.length, expected.size(), rule.toString());
            for (int g = 0; g < found.length; g++)
                assertArrayEquals(doubles(expected.get(g)), found[g], 1e-6, rule + " group " + g);
        }
    }

    @Test
    void aStepIsThatOfThePublishedCode() {
        Set<String> losses = new HashSet<>();
        for (JsonNode step : FIXTURE.path("steps")) {
            String name = step.path("name").asText();
            String label = name + " " + step.path("correction").asText() + " of "
                    + step.path("madeBy").asText();
            LossConfig config = Configs.corrected(
                    name,
                    CorrectionRule.valueOf(step.path("correction")
                            .asText()
                            .toUpperCase(Locale.ROOT)
                            .replace('-', '_')));
            Objective plain = Losses.of(config);
            Objective objective = new Objective(
                    plain.loss(), plain.correction(), step.path("klCoef").doubleValue(), KlEstimator.UNBIASED, 0);
            TokenBatch batch = batch(step, config);
            float[] slope = new float[batch.logprobs().length];
            Measures measures = new Measures();
            objective.fill(batch, 0, slope.length, new float[slope.length], slope, new float[slope.length], measures);
            for (int m = 0; m < slope.length; m++)
                assertArrayEquals(
                        doubles(step.path("gradient").get(m)),
                        ofLogits(step, m, slope[m]),
                        1e-6,
                        label + " token " + m);
            assertEquals(step.path("loss").doubleValue(), -measures.get(Measure.OBJECTIVE), 1e-6, label);
            losses.add(name);
        }
        assertTrue(
                losses.containsAll(Set.of("dapo", "dr-grpo", "gspo", "cispo", "sapo", "gmpo", "dppo-tv")), "" + losses);
    }

    /** slope (1[v = token] - softmax(logits)[v]). */
    private static double[] ofLogits(JsonNode step, int m, float slope) {
        double[] logits = doubles(step.path("logits").get(m));
        double logSum = logSum(logits);
        for (int v = 0; v < logits.length; v++)
            logits[v] = slope * ((v == step.path("tokens").get(m).intValue() ? 1 : 0) - Math.exp(logits[v] - logSum));
        return logits;
    }

    private static double logSum(double[] logits) {
        double sum = 0;
        for (double logit : logits) sum += Math.exp(logit);
        return Math.log(sum);
    }

    /** By our own rules of advantages and aggregation, as the loss has them. */
    private static TokenBatch batch(JsonNode step, LossConfig config) {
        int tokens = step.path("tokens").size();
        int completions = step.path("lengths").size();
        int group = step.path("groupSize").intValue();
        double[] rewards = doubles(step.path("rewards"));
        List<double[]> groups = new ArrayList<>();
        for (int g = 0; g < completions; g += group) groups.add(java.util.Arrays.copyOfRange(rewards, g, g + group));
        // verl's vanilla loss was given GRPO's advantages
        AdvantageRule rule = config.name().equals("magistral") ? AdvantageRule.GROUP_STD : config.ownAdvantage();
        assertEquals(step.path("advantage").asText(), rule.toString());
        double[][] advantages = Advantages.of(rule, groups);
        Aggregation.Size size = new Aggregation.Size(
                tokens, completions, step.path("constantLength").intValue());
        float[] logprobs = new float[tokens];
        float[] advantage = new float[tokens];
        float[] weights = new float[tokens];
        int[] starts = new int[completions + 1];
        for (int i = 0; i < completions; i++) {
            int length = step.path("lengths").get(i).intValue();
            starts[i + 1] = starts[i] + length;
            for (int m = starts[i]; m < starts[i + 1]; m++) {
                double[] logits = doubles(step.path("logits").get(m));
                logprobs[m] = (float) (logits[step.path("tokens").get(m).intValue()] - logSum(logits));
                advantage[m] = (float) advantages[i / group][i % group];
                weights[m] = (float) config.ownAggregation().weight(size, length);
            }
        }
        return new TokenBatch(
                logprobs,
                floats(step.path("behaviour")),
                floats(step.path("proximal")),
                floats(step.path("reference")),
                advantage,
                weights,
                new float[tokens],
                starts);
    }
}
