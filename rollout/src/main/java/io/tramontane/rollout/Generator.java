package io.tramontane.rollout;

import io.tramontane.data.Group;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Samples completions without ever waiting (paper section 3): a finished sequence's slot takes the next one at once, and
 * new weights are swapped in between two steps while the sequences and their KV cache stay (section 3.2). Live slots lie
 * side by side, so the cost follows the live tokens. One thread owns it.
 */
public final class Generator implements AutoCloseable {
    private final RolloutConfig config;
    private final long seed;
    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final Stop stop;
    private final Sequence[] slots;
    private final Deque<GroupInProgress> queue = new ArrayDeque<>();
    private Decoder judge;
    private Consumer<SampledLogprobs> listener;
    private int used;
    private int waiting;
    private int groups;
    private long sampled;

    /** Loads the weights and plans the KV cache; {@code seed} keys the random numbers. */
    public Generator(WeightSnapshot weights, Tokenizer tokenizer, RolloutConfig config, long seed) {
        this(weights, tokenizer, config, seed, Stop.of(tokenizer, weights, config));
    }

    public Generator(WeightSnapshot weights, Tokenizer tokenizer, RolloutConfig config, long seed, Stop stop) {
        this.config = config;
        this.seed = seed;
        this.tokenizer = tokenizer;
        this.decoder = Decoder.sampler(weights, config);
        this.slots = new Sequence[config.slots()];
        this.stop = stop;
    }

    /**
     * Bytes of a generator's weights, with the copy that is laid out for decoding (of a sparse model only the head is); in
     * bfloat16 with the head in float32. {@code rollout.dtype: auto} counts as float32, the larger.
     */
    public static long weightBytes(PolicyConfig policy, RolloutConfig config) {
        long all = Float.BYTES * policy.parameters();
        long head = (long) Float.BYTES * policy.vocabulary() * policy.width();
        if (config.dtype() == Dtype.BFLOAT16) return all / 2 + head;
        if (!Decoder.packs(policy, config)) return all;
        return all + (policy.variant().experts().count() > 0 ? head : all);
    }

    /** Computes raw and processed log-probabilities, too, and hands them over when a completion ends, before its group. */
    public void listen(Consumer<SampledLogprobs> reader) {
        this.listener = reader;
    }

    /** New weights between two steps; sequences go on with them, over the keys and values they already have. */
    public void swap(WeightSnapshot next) {
        decoder.swap(next);
    }

    /** Version of the weights in use. */
    public int version() {
        return decoder.version();
    }

    /** Slots for which no completion is waiting. */
    public int freeSlots() {
        return slots.length - used - waiting;
    }

    /** Groups that are not finished. */
    public int live() {
        return groups;
    }

    /** Tokens that completions have got so far. */
    public long sampled() {
        return sampled;
    }

    /** Queues a group; its completions start as slots become free. */
    public void submit(GroupRequest request) {
        if (request.promptTokens().length > config.maxPromptTokens())
            throw new IllegalArgumentException("group " + request.id() + ": prompt of " + request.promptTokens().length
                    + " tokens, rollout.maxPromptTokens allows " + config.maxPromptTokens());
        int longest = request.longest(config.maxTokens());
        int room = request.promptTokens().length + longest;
        if (room > decoder.config().positions())
            throw new IllegalArgumentException("group " + request.id() + ": prompt of " + request.promptTokens().length
                    + " tokens and rollout.maxTokens " + longest + " exceed the model's "
                    + decoder.config().positions() + " positions");
        queue.add(new GroupInProgress(request));
        waiting += request.samples();
        groups++;
    }

    /** {@code config.decodeSteps()} tokens for every live slot; returns the groups that are complete now. */
    public List<Group> step() {
        admit();
        if (used == 0) return List.of();
        int steps = config.decodeSteps();
        long[] newest = new long[used];
        long[] positions = new long[used];
        boolean[] greedy = new boolean[used];
        float[] uniforms = new float[steps * used];
        long[] free = new long[steps * used];
        Arrays.fill(free, -1);
        for (int slot = 0; slot < used; slot++) {
            Sequence sequence = slots[slot];
            newest[slot] = sequence.newest();
            positions[slot] = sequence.position();
            greedy[slot] = sequence.group.request.greedy() || config.temperature() == 0;
            for (int s = 0; s < steps; s++)
                uniforms[s * used + slot] =
                        Uniforms.at(seed, sequence.group.request.id(), sequence.index, sequence.length() + s);
        }
        return collect(decoder.decode(newest, positions, uniforms, greedy, free, listener != null));
    }

    /**
     * Free slots take the completions that wait, in their order. Prompts are computed for free slots only, several in one
     * pass and {@code config.prefillTokens()} tokens between two decode steps, so that a long one does not hold up live
     * slots.
     */
    private void admit() {
        do {
            prefill();
            start();
        } while (used == 0 && waiting > 0);
        closeGaps();
    }

    private void prefill() {
        List<Prefix> prompts = new ArrayList<>();
        int places = slots.length - used;
        int tokens = config.prefillTokens();
        for (GroupInProgress group : queue) {
            if (places <= 0 || tokens <= 0) break;
            Prefix prompt = group.prefix(decoder);
            prompts.add(prompt);
            places -= group.waiting();
            tokens -= prompt.missing();
        }
        decoder.prefill(prompts, config.prefillTokens());
    }

    private void start() {
        for (int slot = 0; used < slots.length && waiting > 0 && queue.peek().ready(); slot++) {
            if (slots[slot] != null) continue;
            GroupInProgress group = queue.peek();
            slots[slot] = group.start(decoder, slot, stop);
            used++;
            waiting--;
            if (group.waiting() == 0) queue.remove();
        }
    }

    /** The last live slots move into the gaps before them, so that live slots lie side by side. */
    private void closeGaps() {
        int last = slots.length - 1;
        for (int slot = 0; slot < used; slot++) {
            if (slots[slot] != null) continue;
            while (slots[last] == null) last--;
            decoder.move(last, slot, (int) slots[last].position());
            slots[slot] = slots[last];
            slots[last] = null;
        }
    }

    private List<Group> collect(Decoder.Tokens decided) {
        List<Group> complete = new ArrayList<>();
        for (int slot = 0; slot < decided.rows(); slot++) {
            boolean ended = false;
            for (int at = slot; at < decided.tokens().length && !ended; at += decided.rows()) {
                ended = slots[slot].append((int) decided.tokens()[at], decided.logprobs()[at], version(), stop.token());
                if (listener != null) note(slots[slot], decided, at);
                sampled++;
            }
            if (!ended) continue;
            Sequence done = slots[slot];
            slots[slot] = null;
            used--;
            if (listener != null) listener.accept(done.noted());
            if (done.group.finish(done.index, done.finish(tokenizer, stop.token()))) {
                complete.add(done.group.toGroup());
                groups--;
            }
        }
        return complete;
    }

    private static void note(Sequence sequence, Decoder.Tokens decided, int at) {
        int rows = decided.rows();
        int raw = at / rows * 2 * rows + at % rows;
        sequence.note(decided.others()[raw], decided.others()[raw + rows]);
    }

    /**
     * Log-probabilities of {@code tokens[from..]} by the decoding path, one token after the other over a cache: what the
     * trainer's packed forward must agree with.
     */
    public float[] score(int[] tokens, int from) {
        int count = tokens.length - from;
        if (judge == null || judge.positions() < tokens.length) {
            if (judge != null) judge.close();
            judge = Decoder.judge(decoder, config, Math.min(decoder.config().positions(), 2 * tokens.length));
        }
        if (from > 1) {
            try (Prefix prompt = judge.prefix(Arrays.copyOf(tokens, from - 1))) {
                while (prompt.missing() > 0) judge.prefill(List.of(prompt), config.prefillTokens());
                judge.fill(prompt, 0);
            }
        }
        long[] forced =
                Arrays.stream(tokens, from, tokens.length).asLongStream().toArray();
        return judge.decode(
                        new long[] {tokens[from - 1]},
                        new long[] {from - 1},
                        new float[count],
                        new boolean[] {true},
                        forced,
                        false)
                .logprobs();
    }

    @Override
    public void close() {
        queue.forEach(GroupInProgress::close);
        if (judge != null) judge.close();
        decoder.close();
    }
}
