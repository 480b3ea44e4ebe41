package io.tramontane.trainer;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import java.util.HashMap;
import java.util.Map;

/** The obvious twin of policy.py: one sequence, one token, one head at a time, in double precision. */
final class SlowPolicy {
    private final PolicyConfig config;
    private final Map<String, double[]> weights = new HashMap<>();

    SlowPolicy(PolicyConfig config, double[] theta) {
        this.config = config;
        for (TensorRange tensor : config.tensors()) {
            double[] values = new double[(int) tensor.length()];
            System.arraycopy(theta, (int) tensor.offset(), values, 0, values.length);
            weights.put(tensor.name(), values);
        }
    }

    /** Log-probabilities of tokens[from..], natural logarithms. */
    double[] logprobs(int[] tokens, int from, double temperature) {
        double[][] states = states(tokens);
        double[] logprobs = new double[tokens.length - from];
        for (int t = from; t < tokens.length; t++) {
            double[] logits = logits(states[t - 1]);
            for (int v = 0; v < logits.length; v++) logits[v] /= temperature;
            logprobs[t - from] = logits[tokens[t]] - logSumExp(logits);
        }
        return logprobs;
    }

    private double[] logits(double[] state) {
        double[] normed = norm(state, weights.get("model.norm.weight"));
        String head = config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight";
        return multiply(weights.get(head), normed, config.vocabulary());
    }

    private double[][] states(int[] tokens) {
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = new double[config.width()];
            System.arraycopy(
                    weights.get("model.embed_tokens.weight"), tokens[t] * config.width(), x[t], 0, config.width());
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "model.layers." + layer + ".";
            attend(x, at);
            for (double[] token : x) feed(token, at);
        }
        return x;
    }

    private void attend(double[][] x, String at) {
        int d = config.headSize();
        int share = config.heads() / config.keyValueHeads();
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] normed = norm(x[t], weights.get(at + "input_layernorm.weight"));
            q[t] = rotated(multiply(weights.get(at + "self_attn.q_proj.weight"), normed, config.heads() * d), t);
            k[t] = rotated(
                    multiply(weights.get(at + "self_attn.k_proj.weight"), normed, config.keyValueHeads() * d), t);
            v[t] = multiply(weights.get(at + "self_attn.v_proj.weight"), normed, config.keyValueHeads() * d);
        }
        for (int t = 0; t < x.length; t++) {
            double[] mixed = new double[config.heads() * d];
            for (int head = 0; head < config.heads(); head++) {
                int shared = head / share * d;
                double[] scores = new double[t + 1];
                for (int s = 0; s <= t; s++)
                    for (int i = 0; i < d; i++) scores[s] += q[t][head * d + i] * k[s][shared + i] / Math.sqrt(d);
                double total = logSumExp(scores);
                for (int s = 0; s <= t; s++)
                    for (int i = 0; i < d; i++) mixed[head * d + i] += Math.exp(scores[s] - total) * v[s][shared + i];
            }
            double[] out = multiply(weights.get(at + "self_attn.o_proj.weight"), mixed, config.width());
            for (int i = 0; i < out.length; i++) x[t][i] += out[i];
        }
    }

    private void feed(double[] x, String at) {
        double[] normed = norm(x, weights.get(at + "post_attention_layernorm.weight"));
        double[] gate = multiply(weights.get(at + "mlp.gate_proj.weight"), normed, config.hidden());
        double[] up = multiply(weights.get(at + "mlp.up_proj.weight"), normed, config.hidden());
        for (int i = 0; i < gate.length; i++) gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        double[] down = multiply(weights.get(at + "mlp.down_proj.weight"), gate, config.width());
        for (int i = 0; i < x.length; i++) x[i] += down[i];
    }

    private double[] rotated(double[] heads, int position) {
        int d = config.headSize();
        double[] turned = new double[heads.length];
        for (int head = 0; head < heads.length / d; head++)
            for (int i = 0; i < d / 2; i++) {
                double angle = position * Math.pow(config.ropeBase(), -2.0 * i / d);
                double a = heads[head * d + i];
                double b = heads[head * d + i + d / 2];
                turned[head * d + i] = a * Math.cos(angle) - b * Math.sin(angle);
                turned[head * d + i + d / 2] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        return turned;
    }

    private double[] norm(double[] x, double[] weight) {
        double squares = 0;
        for (double value : x) squares += value * value;
        double scale = 1 / Math.sqrt(squares / x.length + config.normEpsilon());
        double[] normed = new double[x.length];
        for (int i = 0; i < x.length; i++) normed[i] = x[i] * scale * weight[i];
        return normed;
    }

    private static double[] multiply(double[] matrix, double[] vector, int rows) {
        double[] product = new double[rows];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < vector.length; c++) product[r] += matrix[r * vector.length + c] * vector[c];
        return product;
    }

    private static double logSumExp(double[] values) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : values) largest = Math.max(largest, value);
        double sum = 0;
        for (double value : values) sum += Math.exp(value - largest);
        return largest + Math.log(sum);
    }
}
