package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Layers that add nothing, and embeddings along one axis: after the norm, token 0 has 2 there (width 4), so the logits
 * after it are twice the embeddings: ln 8, ln 4, ln 2 and 0, the probabilities 8, 4, 2 and 1 of 15.
 */
class SampledLogprobsTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(1, 4, 2, 1, 2, 6, 4, 64, 10000, 1e-9, true, 3);

    private static WeightSnapshot weights() {
        WeightSnapshot weights = new WeightSnapshot(SHAPE, 0);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            boolean embedding = tensor.name().contains("embed");
            for (int i = 0; i < tensor.length(); i++) {
                double along = embedding && i % 4 == 0 ? Math.log(8 >> i / 4) / 2 : 0;
                bytes.putFloat((float) (tensor.shape().length == 1 ? 1 : along));
            }
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    private static void check(RolloutConfig config, double[] raw, double[] behaviour, double[] processed) {
        List<SampledLogprobs> told = new ArrayList<>();
        try (Generator generator = new Generator(weights(), new Ids(4, -1), config, 1)) {
            generator.listen(told::add);
            Problem problem = Problem.math("p", "en", "-", "-", Map.of());
            generator.submit(CompletionRequest.of(7, new int[] {0}).samples(64).build());
            List<CompletedRequest> groups = new ArrayList<>();
            while (generator.live() > 0) groups.addAll(generator.step());
            boolean[] seen = new boolean[4];
            for (SampledLogprobs logprobs : told) {
                assertEquals(7, logprobs.group());
                Completion completion = groups.get(0).completions().get(logprobs.completion());
                int token = completion.tokens()[0];
                seen[token] = true;
                assertEquals(1, logprobs.raw().length);
                assertEquals(Math.log(raw[token]), logprobs.raw()[0], 1e-5);
                assertEquals(Math.log(behaviour[token]), completion.behaviourLogprobs()[0], 1e-5);
                assertEquals(Math.log(processed[token]), logprobs.processed()[0], 1e-5);
            }
            assertEquals(64, told.size());
            for (int token = 0; token < 4; token++) assertTrue(seen[token] || processed[token] < 0.1, "token " + token);
            float[] scored = generator.score(new int[] {0, 1}, 1);
            if (config.temperature() == 1) assertArrayEquals(new float[] {(float) Math.log(raw[1])}, scored, 1e-5f);
        }
    }

    private static final double[] RAW = {8 / 15., 4 / 15., 2 / 15., 1 / 15.};

    @Test
    void allThreeAreTheSameWhereNothingIsChanged() {
        check(new RolloutConfig(2, 64, 1, 4, 1, 1.0, 1.0), RAW, RAW, RAW);
    }

    @Test
    void behaviourIsAtTheTemperatureAndProcessedAlsoCutToTheNucleus() {
        // at temperature 1/2 the weights are squared: 64, 16, 4, 1 of 85; 64 + 16 are 94 % of them, so 90 % keeps two
        double[] behaviour = {64 / 85., 16 / 85., 4 / 85., 1 / 85.};
        double[] processed = {64 / 80., 16 / 80., 0, 0};
        check(new RolloutConfig(2, 64, 1, 4, 1, 0.5, 0.9), RAW, behaviour, processed);
    }

    @Test
    void greedyWasCertain() {
        check(new RolloutConfig(2, 64, 1, 4, 1, 0, 1.0), RAW, RAW, new double[] {1, 0, 0, 0});
    }
}
