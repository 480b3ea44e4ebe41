package io.tramontane.trainer;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random policies and groups, small enough for the slow twin. */
final class TinyGroups {
    static final PolicyConfig SHAPE = new PolicyConfig(2, 8, 4, 2, 4, 12, 11, 40, 10000, 1e-5, true, 0);

    private TinyGroups() {}

    static double[] theta(PolicyConfig config, long seed) {
        Random random = new Random(seed);
        double[] theta = new double[(int) config.parameters()];
        for (TensorRange tensor : config.tensors())
            for (int i = 0; i < tensor.length(); i++)
                theta[(int) tensor.offset() + i] =
                        (float) ((tensor.shape().length == 1 ? 1 : 0) + 0.3 * random.nextGaussian());
        return theta;
    }

    static WeightSnapshot snapshot(PolicyConfig config, double[] theta) {
        ByteBuffer bytes = ByteBuffer.allocate(theta.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : theta) bytes.putFloat((float) value);
        WeightSnapshot weights = new WeightSnapshot(config, 0);
        weights.write(0, bytes.flip());
        return weights;
    }

    /** Groups of 4 completions of 1 to 9 tokens after prompts of 1 to 6; behaviour log-probabilities near -2. */
    static List<ScoredGroup> groups(int count, long seed) {
        Random random = new Random(seed);
        List<ScoredGroup> groups = new ArrayList<>();
        for (int g = 0; g < count; g++) {
            int[] lengths = random.ints(4, 1, 10).toArray();
            groups.add(group(g, 1 + random.nextInt(6), lengths, random));
        }
        return groups;
    }

    static ScoredGroup group(long id, int prompt, int[] lengths, Random random) {
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> rewards = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            int length = lengths[i];
            float[] behaviour = new float[length];
            for (int t = 0; t < length; t++) behaviour[t] = (float) (-2.3 + 0.4 * random.nextGaussian());
            int[] tokens = random.ints(length, 0, SHAPE.vocabulary()).toArray();
            completions.add(new Completion(tokens, behaviour, new int[length], true, ""));
            rewards.add(reward(i == 0 || random.nextBoolean() && i > 1 ? 0.9 : 0));
        }
        Problem problem = Problem.math("p" + id, "en", "1+1?", "2", Map.of());
        int[] tokens = random.ints(prompt, 0, SHAPE.vocabulary()).toArray();
        return new ScoredGroup(new Group(id, problem, tokens, completions), rewards);
    }

    static RewardBreakdown reward(double correctness) {
        return new RewardBreakdown(
                0.1, correctness, 0, 0, RewardBreakdown.Verdict.CORRECT, "", "", List.of("en", "en", "en"), 0);
    }
}
