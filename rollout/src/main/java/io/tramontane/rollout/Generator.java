package io.tramontane.rollout;

import io.tramontane.data.Group;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.DecodeRequest;
import io.tramontane.model.DecodedTokens;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.PromptCache;
import io.tramontane.model.SamplingParameters;
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
 * new weights are swapped in between two calls while the sequences and their KV cache stay (section 3.2). Live slots are
 * neighbours, so that the cost is that of the live tokens. One thread owns it.
 */
public final class Generator implements GroupGenerator {
    private final RolloutConfig config;
    private final long seed;
    private final Tokenizer tokenizer;
    private final DecodingWeights weights;
    private final DecodingSession session;
    private final Stop stop;
    private final CompletionInProgress[] slots;
    private final Deque<GroupInProgress> queue = new ArrayDeque<>();
    private DecodingSession scoring;
    private Consumer<SampledLogprobs> listener;
    private int used;
    private int waiting;
    private int groups;
    private long sampled;

    /** Loads the weights and makes the KV cache; {@code seed} keys the random numbers. */
    public Generator(WeightSnapshot snapshot, Tokenizer tokenizer, RolloutConfig config, long seed) {
        this(snapshot, tokenizer, config, seed, Stop.of(tokenizer, snapshot, config));
    }

    /** The same with another rule for the end of a completion. */
    public Generator(WeightSnapshot snapshot, Tokenizer tokenizer, RolloutConfig config, long seed, Stop stop) {
        this.config = config;
        this.seed = seed;
        this.tokenizer = tokenizer;
        this.weights = new DecodingWeights(
                snapshot, config.numerics(), config.dtype(), ComputeDevice.available(), config.slots());
        this.session = session(CachePlan.of(snapshot.config(), config));
        this.slots = new CompletionInProgress[config.slots()];
        this.stop = stop;
    }

    /** Frees the weights if there is no memory for the KV cache. */
    private DecodingSession session(CachePlan plan) {
        DecodingSession made = null;
        try {
            made = DecodingSession.sampling(
                    weights, plan.positions(), new SamplingParameters(temperature(), config.topP()));
            return made;
        } finally {
            if (made == null) weights.close();
        }
    }

    /**
     * Bytes of a generator's weights, with the copy that is laid out for decoding (of a sparse model only the head is); in
     * bfloat16 with the head in float32. {@code rollout.dtype: auto} counts as float32, the larger.
     */
    public static long weightBytes(PolicyConfig policy, RolloutConfig config) {
        long all = Float.BYTES * policy.parameters();
        long head = (long) Float.BYTES * policy.vocabulary() * policy.width();
        if (config.dtype() == Dtype.BFLOAT16) return all / 2 + head;
        if (!DecodingWeights.packs(policy, config.numerics(), config.dtype(), config.slots())) return all;
        return all + (policy.variant().experts().count() > 0 ? head : all);
    }

    /** Also computes raw and processed log-probabilities; the reader gets them when a completion ends, before its group. */
    public void listen(Consumer<SampledLogprobs> reader) {
        this.listener = reader;
    }

    /** New weights between two steps; sequences go on with them, over the keys and values they already have. */
    @Override
    public void swap(WeightSnapshot next) {
        weights.load(next);
    }

    /** Version of the weights in use. */
    public int version() {
        return weights.version();
    }

    /** Slots for which no completion is waiting. */
    @Override
    public int freeSlots() {
        return slots.length - used - waiting;
    }

    /** Groups that are not finished. */
    @Override
    public int live() {
        return groups;
    }

    /** Tokens that completions have got so far. */
    public long sampled() {
        return sampled;
    }

    /** Queues a group; its completions start as slots become free. */
    @Override
    public void submit(GroupRequest request) {
        if (request.promptTokens().length > config.maxPromptTokens())
            throw new IllegalArgumentException("group " + request.id() + ": prompt of " + request.promptTokens().length
                    + " tokens, rollout.maxPromptTokens allows " + config.maxPromptTokens());
        int longest = request.longest(config.maxTokens());
        if (request.promptTokens().length + longest > weights.config().positions())
            throw new IllegalArgumentException("group " + request.id() + ": prompt of " + request.promptTokens().length
                    + " tokens and rollout.maxTokens " + longest + " exceed the model's "
                    + weights.config().positions() + " positions");
        queue.add(new GroupInProgress(request));
        waiting += request.samples();
        groups++;
    }

    /** {@code config.decodeSteps()} tokens for every live slot; returns the groups that are complete now. */
    @Override
    public List<Group> step() {
        admit();
        if (used == 0) return List.of();
        int steps = config.decodeSteps();
        long[] newest = new long[used];
        long[] positions = new long[used];
        boolean[] greedy = new boolean[used];
        float[] uniforms = new float[steps * used];
        long[] forced = new long[steps * used];
        Arrays.fill(forced, -1);
        for (int slot = 0; slot < used; slot++) {
            CompletionInProgress completion = slots[slot];
            newest[slot] = completion.newest();
            positions[slot] = completion.position();
            greedy[slot] = completion.group.request.greedy() || config.temperature() == 0;
            for (int s = 0; s < steps; s++)
                uniforms[s * used + slot] =
                        Uniforms.at(seed, completion.group.request.id(), completion.index, completion.length() + s);
        }
        return collect(
                session.decode(new DecodeRequest(newest, positions, uniforms, greedy, forced), listener != null));
    }

    /**
     * Free slots take the waiting completions in order. Prompts are computed for free slots only, several in one
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
        List<PromptCache> prompts = new ArrayList<>();
        int free = slots.length - used;
        int tokens = config.prefillTokens();
        for (GroupInProgress group : queue) {
            if (free <= 0 || tokens <= 0) break;
            PromptCache prompt = group.promptCache(session);
            prompts.add(prompt);
            free -= group.waiting();
            tokens -= prompt.missing();
        }
        session.prefill(prompts, config.prefillTokens());
    }

    private void start() {
        for (int slot = 0; used < slots.length && waiting > 0 && queue.peek().ready(); slot++) {
            if (slots[slot] != null) continue;
            GroupInProgress group = queue.peek();
            slots[slot] = group.start(session, slot, stop.longest().applyAsInt(group.request), version());
            used++;
            waiting--;
            if (group.waiting() == 0) queue.remove();
        }
    }

    /** The last live slots move into the gaps, so that live slots are neighbours. */
    private void closeGaps() {
        int last = slots.length - 1;
        for (int slot = 0; slot < used; slot++) {
            if (slots[slot] != null) continue;
            while (slots[last] == null) last--;
            session.move(last, slot, (int) slots[last].position());
            slots[slot] = slots[last];
            slots[last] = null;
        }
    }

    private List<Group> collect(DecodedTokens decided) {
        List<Group> complete = new ArrayList<>();
        for (int slot = 0; slot < decided.rows(); slot++) {
            if (!append(decided, slot)) continue;
            CompletionInProgress done = slots[slot];
            slots[slot] = null;
            used--;
            if (listener != null) listener.accept(done.sampledLogprobs());
            if (done.group.finish(done.index, done.finish(tokenizer, stop.token()))) {
                complete.add(done.group.toGroup());
                groups--;
            }
        }
        return complete;
    }

    /** Gives a slot its new tokens, up to the one that ends the completion; true if there is one. */
    private boolean append(DecodedTokens decided, int slot) {
        CompletionInProgress completion = slots[slot];
        boolean ended = false;
        for (int step = 0; step < decided.steps() && !ended; step++) {
            ended = completion.append(decided.token(step, slot), decided.logprob(step, slot), version(), stop.token());
            if (listener != null) completion.note(decided.rawLogprob(step, slot), decided.processedLogprob(step, slot));
            sampled++;
        }
        return ended;
    }

    /**
     * Log-probabilities of {@code tokens[from..]} by the decoding path, one token after the other over a cache: the
     * trainer's packed forward must give the same.
     */
    @Override
    public float[] score(int[] tokens, int from) {
        int count = tokens.length - from;
        if (scoring == null || scoring.positions() < tokens.length) {
            if (scoring != null) scoring.close();
            int positions = Math.min(weights.config().positions(), 2 * tokens.length);
            scoring = DecodingSession.scoring(weights, positions, temperature());
        }
        if (from > 1) {
            try (PromptCache prompt = scoring.prompt(Arrays.copyOf(tokens, from - 1))) {
                while (prompt.missing() > 0) scoring.prefill(List.of(prompt), config.prefillTokens());
                scoring.fill(prompt, 0);
            }
        }
        long[] forced =
                Arrays.stream(tokens, from, tokens.length).asLongStream().toArray();
        DecodeRequest request = new DecodeRequest(
                new long[] {tokens[from - 1]}, new long[] {from - 1}, new float[count], new boolean[] {true}, forced);
        return scoring.decode(request, false).logprobs();
    }

    /** Of the logits; greedy completions are chosen from those at 1. */
    private double temperature() {
        return config.temperature() == 0 ? 1 : config.temperature();
    }

    @Override
    public void close() {
        queue.forEach(GroupInProgress::close);
        if (scoring != null) scoring.close();
        session.close();
        weights.close();
    }
}
