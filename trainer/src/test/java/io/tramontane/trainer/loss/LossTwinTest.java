package io.tramontane.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every loss with every correction agrees with values that numpy differentiated; the fixture is by tools/losses_fixture.py. */
class LossTwinTest {
    private static final JsonNode FIXTURE = read();

    private static JsonNode read() {
        try (InputStream in = LossTwinTest.class.getResourceAsStream("/losses.json")) {
            return JsonReading.mapper().readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] floats(JsonNode array) {
        float[] all = new float[array.size()];
        for (int i = 0; i < all.length; i++) all[i] = (float) array.get(i).doubleValue();
        return all;
    }

    private static int[] ints(JsonNode array) {
        int[] all = new int[array.size()];
        for (int i = 0; i < all.length; i++) all[i] = array.get(i).intValue();
        return all;
    }

    @Test
    void slopesAndObjectiveAreThoseOfTheTwin() {
        Set<String> seen = new HashSet<>();
        for (JsonNode c : FIXTURE.path("cases")) {
            String name = c.path("name").asText();
            String rule = c.path("correction").asText();
            String label = name + " " + rule + " " + c.path("klEstimator").asText();
            CorrectionRule correction =
                    CorrectionRule.valueOf(rule.toUpperCase(Locale.ROOT).replace('-', '_'));
            Objective plain = Losses.of(Configs.corrected(name, correction));
            Objective objective = new Objective(
                    plain.loss(),
                    plain.correction(),
                    c.path("klCoef").doubleValue(),
                    KlEstimator.valueOf(c.path("klEstimator").asText().toUpperCase(Locale.ROOT)),
                    0);
            TokenBatch batch = new TokenBatch(
                    floats(c.path("logprobs")),
                    floats(c.path("behaviour")),
                    floats(c.path("proximal")),
                    floats(c.path("reference")),
                    floats(c.path("advantages")),
                    floats(c.path("weights")),
                    new float[c.path("weights").size()],
                    ints(c.path("starts")));
            float[] slope = new float[batch.logprobs().length];
            Measures measures = new Measures();
            objective.fill(batch, 0, slope.length, new float[slope.length], slope, new float[slope.length], measures);
            for (int m = 0; m < slope.length; m++) {
                double expected = c.path("slopes").get(m).doubleValue();
                assertEquals(expected, slope[m], 1e-6 * Math.max(1, Math.abs(expected)), label + " token " + m);
            }
            assertEquals(c.path("objective").doubleValue(), measures.get(Measure.OBJECTIVE), 1e-6, label);
            seen.add(name + " " + rule);
        }
        int rules = CorrectionRule.values().length - 1; // auto is another's name
        assertEquals(Algorithm.values().length * rules, seen.size());
    }
}
