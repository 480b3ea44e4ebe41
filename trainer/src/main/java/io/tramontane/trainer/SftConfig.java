package io.tramontane.trainer;

import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.gym.TraceConfig;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.chat.ChatTemplates;
import java.io.Serializable;

/**
 * A supervised cold start: a new policy of a given shape, or a model, learns the gym's traces or a data set's solutions.
 *
 * @param seed of the first weights and of the traces
 * @param model what it starts from, as {@code model} of a training run; empty makes a new policy of {@code shape} with the
 *     tiny policy's tokenizer
 * @param shape of a new policy; vocabulary and end of text come from the tokenizer
 * @param chat how a problem becomes a prompt, as {@code data.chat} of a training run: use the same one there
 * @param systemPrompt as {@code data.systemPrompt} of a training run; not for conversations, which bring their own
 * @param problems a data set whose problems have a "completion" or a "solution"; empty takes the gym's traces
 * @param conversations a JSONL file of conversations, {"messages": [{"role", "content"}, ...]} a line, in place of problems: the
 *     assistant's turns are learned unless they say "weight": 0; needs a chat that is the model's own template
 * @param maxTokens examples of a data set that are longer, with prompt and end of text, are left out
 * @param gym languages, families and the share of code
 * @param traces faults, drills, phases
 * @param steps optimizer steps
 * @param batchSize examples per step
 * @param threads each computes its share of a batch; their gradients are added in a fixed order
 * @param microbatchTokens most tokens in one forward and backward pass of a thread; a longer example has a pass of its own
 * @param keep what a pass keeps on its way forward, as {@code trainer.keep} of a training run
 * @param dtype of what is computed, as {@code trainer.dtype} of a training run, not int8
 * @param checkpointEvery steps between checkpoints, from which {@code sft --resume} goes on bit by bit; 0 makes none
 * @param lora what is trained: all weights, or adapters of {@code model}
 * @param optimizer AdamW's numbers
 */
public record SftConfig(
        long seed,
        String model,
        Shape shape,
        String chat,
        String systemPrompt,
        String problems,
        String conversations,
        int maxTokens,
        GymConfig gym,
        TraceConfig traces,
        int steps,
        int batchSize,
        int threads,
        int microbatchTokens,
        Keep keep,
        Dtype dtype,
        int checkpointEvery,
        LoraConfig lora,
        OptimizerConfig optimizer)
        implements Serializable {

    /**
     * Sizes of the policy, named as in {@link PolicyConfig}.
     *
     * @param layers L
     * @param width W, numbers in a state
     * @param heads query heads
     * @param keyValueHeads heads of keys and values; divides heads
     * @param headSize numbers in a head, even
     * @param hidden width of the feed-forward part
     * @param positions longest sequence in tokens
     */
    public record Shape(int layers, int width, int heads, int keyValueHeads, int headSize, int hidden, int positions)
            implements Serializable {
        /** Checks what the policy needs; the vocabulary is not known yet. */
        public Shape {
            new PolicyConfig(layers, width, heads, keyValueHeads, headSize, hidden, 1, positions, 10000, 1e-5, true, 0);
        }

        PolicyConfig policy(int vocabulary, int endOfText) {
            return new PolicyConfig(
                    layers,
                    width,
                    heads,
                    keyValueHeads,
                    headSize,
                    hidden,
                    vocabulary,
                    positions,
                    10000,
                    1e-5,
                    true,
                    endOfText);
        }
    }

    /** The tiny policy's. */
    public static SftConfig defaults() {
        return new SftConfig(
                1,
                "",
                new Shape(4, 128, 4, 2, 32, 384, 256),
                "tiny",
                "",
                "",
                "",
                512,
                GymConfig.defaults(),
                TraceConfig.defaults(),
                2700,
                16,
                2,
                1600,
                Keep.ALL,
                Dtype.FLOAT32,
                500,
                LoraConfig.defaults(),
                new OptimizerConfig(2e-3, 50, 0.6, 0.05, 0.9, 0.95, 1e-8, 0, 1));
    }

    /** Checks ranges. */
    public SftConfig {
        if (dtype == Dtype.INT8)
            throw new IllegalArgumentException("dtype int8, allowed auto, float32, bfloat16: generators alone take it");
        if (lora.on() && model.isEmpty())
            throw new IllegalArgumentException(
                    "lora.rank " + lora.rank() + " with an empty model, allowed 0: new weights are nothing to keep");
        if (maxTokens < 2) throw new IllegalArgumentException("maxTokens " + maxTokens + ", allowed >= 2");
        if (microbatchTokens < 1)
            throw new IllegalArgumentException("microbatchTokens " + microbatchTokens + ", allowed >= 1");
        if (!conversations.isEmpty() && !problems.isEmpty())
            throw new IllegalArgumentException(
                    "problems " + problems + " and conversations " + conversations + ", allowed one of them");
        if (!conversations.isEmpty() && !chat.startsWith("model"))
            throw new IllegalArgumentException(
                    "chat " + chat
                            + " with conversations, allowed model, model-tokens, model-plain, model-system: turns need the model's own chat");
        ChatTemplates.checkSystemPrompt("systemPrompt", systemPrompt, "chat", chat);
        if (!conversations.isEmpty() && !systemPrompt.isEmpty())
            throw new IllegalArgumentException("systemPrompt with conversations, allowed empty: they bring their own");
        if (problems.isEmpty() && conversations.isEmpty() && chat.equals("model-tokens"))
            throw new IllegalArgumentException(
                    "chat model-tokens: the gym's traces mark thoughts with <think>, allowed with problems only");
        if (steps < 1) throw new IllegalArgumentException("steps " + steps + ", allowed >= 1");
        if (checkpointEvery < 0)
            throw new IllegalArgumentException("checkpointEvery " + checkpointEvery + ", allowed >= 0");
        if (threads < 1) throw new IllegalArgumentException("threads " + threads + ", allowed >= 1");
        if (batchSize < threads || batchSize % threads != 0)
            throw new IllegalArgumentException("batchSize " + batchSize + ", allowed multiples of threads " + threads);
    }
}
