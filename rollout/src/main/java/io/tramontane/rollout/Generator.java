package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.DecodeRequest;
import io.tramontane.model.DecodedTokens;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Samples completions without ever waiting (paper section 3): a finished sequence's slot takes the next one at once, and
 * new weights are swapped in between two calls while the sequences and their KV cache stay (section 3.2), or as {@link
 * OnSwap} says. Live slots are neighbours, so that the cost is that of the live tokens. One thread owns it.
 */
public final class Generator implements AutoCloseable {
    private final RolloutConfig config;
    private final long seed;
    private final Tokenizer tokenizer;
    private final DecodingWeights weights;
    private final DecodingSession session;
    private final TokenScorer scorer;
    private final Stop stop;
    private final LiveSequences live;
    private final SamplingParameters usual;
    private final RequestQueue requests;
    private final Drafts drafts;
    private WeightSnapshot waitingWeights;
    private Consumer<SampledLogprobs> listener;
    private long sampled;

    /** Loads the weights and makes the KV cache; {@code seed} keys the random numbers. */
    public Generator(WeightSnapshot snapshot, Tokenizer tokenizer, RolloutConfig config, long seed) {
        this(snapshot, tokenizer, config, seed, Stop.of(tokenizer, snapshot, config));
    }

    /** The same with another rule for the end of a completion. */
    public Generator(WeightSnapshot snapshot, Tokenizer tokenizer, RolloutConfig config, long seed, Stop stop) {
        this(weights(snapshot, config, ComputeDevice.available()), tokenizer, config, seed, stop);
    }

    /** The same on a device. */
    public static Generator on(
            ComputeDevice device, WeightSnapshot snapshot, Tokenizer tokenizer, RolloutConfig config, long seed) {
        Stop stop = Stop.of(tokenizer, snapshot, config);
        return new Generator(weights(snapshot, config, device), tokenizer, config, seed, stop);
    }

    private static DecodingWeights weights(WeightSnapshot snapshot, RolloutConfig config, ComputeDevice device) {
        return new DecodingWeights(snapshot, config.numerics(), config.dtype(), device, config.slots());
    }

    private Generator(DecodingWeights weights, Tokenizer tokenizer, RolloutConfig config, long seed, Stop stop) {
        this.config = config;
        this.seed = seed;
        this.tokenizer = tokenizer;
        this.usual = new SamplingParameters(temperature(), config.topP());
        this.weights = weights;
        this.session = session(CachePlan.of(weights.config(), config));
        this.scorer = new TokenScorer(weights, config.prefillTokens(), temperature());
        Recomputation recomputation = new Recomputation(session, config.prefillTokens());
        this.drafts = new Drafts(config.drafts());
        this.live = new LiveSequences(session, recomputation, config.slots(), drafts.ahead(config.decodeSteps()));
        this.stop = stop;
        this.requests = new RequestQueue(session, live, stop, config.prefillTokens());
    }

    /** Frees the weights if there is no memory for the KV cache. */
    private DecodingSession session(CachePlan plan) {
        DecodingSession made = null;
        try {
            made = plan.shared() == 0
                    ? DecodingSession.sampling(weights, plan.positions(), usual)
                    : DecodingSession.sampling(weights, plan.positions(), plan.shared(), usual);
            return made;
        } finally {
            if (made == null) weights.close();
        }
    }

    /**
     * Bytes of a generator's weights, with the copy that may be laid out for decoding (of a sparse model only the head is). In
     * bfloat16 with the head in float32, and without a copy: GPUs have none, and a CPU only where it multiplies that type. In int8 with the float32 numbers that it is made of. {@code rollout.dtype: auto}
     * counts as float32, the larger.
     */
    public static long weightBytes(PolicyConfig policy, RolloutConfig config) {
        long all = Float.BYTES * policy.parameters();
        long head = (long) Float.BYTES * policy.vocabulary() * policy.width();
        boolean sparse = policy.variant().experts().count() > 0;
        boolean packs = DecodingWeights.packs(policy, config.numerics());
        return switch (config.dtype()) {
            case BFLOAT16 -> all / 2 + head;
            case INT8 -> all + (sparse ? 0 : policy.parameters() - head / Float.BYTES) + (packs ? head : 0);
            case FLOAT32, AUTO -> all + (packs ? (sparse ? head : all) : 0);
        };
    }

    /** Also computes raw and processed log-probabilities; the reader gets them when a completion ends, before its group. */
    public void listen(Consumer<SampledLogprobs> reader) {
        this.listener = reader;
    }

    /**
     * New weights between two steps. What becomes of live sequences is as {@code config.onSwap()} says; if they are finished
     * first, these weights wait, and newer ones take their place.
     */
    public void swap(WeightSnapshot newest) {
        if (config.onSwap() == OnSwap.DRAIN && live.count() > 0) waitingWeights = newest;
        else load(newest);
    }

    private void load(WeightSnapshot newest) {
        weights.load(newest);
        if (config.onSwap() == OnSwap.KEEP) return;
        requests.forgetPrompts();
        live.recompute();
    }

    /** Weights that wait are loaded when no sequence is live. */
    private void loadIfDrained() {
        if (waitingWeights == null || live.count() > 0) return;
        load(waitingWeights);
        waitingWeights = null;
    }

    /** Version of the weights in use. */
    public int version() {
        return weights.version();
    }

    /** Slots for which no completion is waiting. */
    public int freeSlots() {
        return live.free() - requests.waiting();
    }

    /** Requests that are not finished. */
    public int live() {
        return requests.size();
    }

    /** How often a live completion was paused, because the cache had no room for it. */
    public long pauses() {
        return live.pauses();
    }

    /** Tokens that completions have got so far. */
    public long sampled() {
        return sampled;
    }

    /** Tokens that were guessed, see {@code config.drafts()}. */
    public long drafted() {
        return drafts.drafted();
    }

    /** Those of them that the policy chose. */
    public long accepted() {
        return drafts.accepted();
    }

    /**
     * Longest sequence that a slot has room for, in tokens: prompt and completion together. A request that says nothing of its
     * length may have {@code rollout.maxTokens} after a prompt of at most {@code rollout.maxPromptTokens}.
     */
    public int context() {
        return Math.min(weights.config().positions(), session.positions() - config.decodeSteps());
    }

    /** Queues a request; its completions start as slots become free. */
    public void submit(CompletionRequest request) {
        submit(request, List.of());
    }

    /**
     * The same for a request whose completions have begun, in another generator perhaps: they go on where they ended, with the
     * same random numbers, over keys and values that are computed again; tokens keep their versions. Where live sequences are
     * finished before new weights are used, one that older weights began is sampled from its start.
     *
     * @param begun one for each completion, without tokens where it has not started; empty if none has
     */
    public void submit(CompletionRequest request, List<Completion> begun) {
        int prompt = request.promptTokens().length;
        if (prompt > config.maxPromptTokens() && request.maxTokens() == 0)
            throw new IllegalArgumentException("group " + request.id() + ": prompt of " + prompt
                    + " tokens, rollout.maxPromptTokens allows " + config.maxPromptTokens());
        int longest = Math.max(request.longest(config.maxTokens()), request.openingTokens().length);
        if (prompt + longest > weights.config().positions())
            throw new IllegalArgumentException("group " + request.id() + ": prompt of " + prompt
                    + " tokens and rollout.maxTokens " + longest + " exceed the model's "
                    + weights.config().positions() + " positions");
        if (prompt + longest > context())
            throw new IllegalArgumentException(
                    "group " + request.id() + ": prompt of " + prompt + " tokens and maxTokens " + longest
                            + " exceed the " + context() + " positions that a slot is laid out for");
        if (!begun.isEmpty()
                && (request.mask() != null || !request.stopStrings().isEmpty()))
            throw new IllegalArgumentException(
                    "group " + request.id() + ": one with a mask or stop strings cannot go on");
        RequestInProgress added = new RequestInProgress(request);
        for (int index = 0; index < begun.size(); index++) goOn(added, index, begun.get(index));
        requests.add(added);
    }

    private void goOn(RequestInProgress of, int index, Completion begun) {
        if (begun.finished()) {
            of.finish(index, begun);
            return;
        }
        boolean older = begun.newestVersion() != version();
        if (begun.chosenTokens() == 0 || config.onSwap() == OnSwap.DRAIN && older) return;
        CompletionInProgress going = of.goOn(index, begun, stop.longest().applyAsInt(of.request));
        if (going.reason() == null) live.goOn(going);
        else of.finish(index, going.finish(tokenizer, stop.token()));
    }

    /** What was sampled of the requests that are not finished, for {@link #submit(CompletionRequest, List)}. */
    public List<CompletedRequest> begun() {
        return requests.soFar();
    }

    /** Gives a request up: its slots are free for the next step, and nothing more is told of it. */
    public void cancel(long id) {
        live.cancel(id);
        requests.cancel(id);
        loadIfDrained();
    }

    /**
     * {@code config.decodeSteps()} tokens for every live slot, one where a mask is among them, or those that were guessed right
     * and one more; returns the requests that are complete now.
     */
    public List<CompletedRequest> step() {
        live.makeRoom();
        admit();
        List<BitSet> allowed = allowed();
        int used = live.used();
        if (used == 0) return requests.takeBegunToTheEnd();
        boolean masked = allowed.stream().anyMatch(Objects::nonNull);
        boolean details = listener != null;
        int top = 0;
        List<int[]> guesses = masked ? List.of() : drafts.next(live);
        int steps = masked ? 1 : guesses.isEmpty() ? config.decodeSteps() : Drafts.steps(guesses);
        long[] newest = new long[used];
        long[] positions = new long[used];
        boolean[] greedy = new boolean[used];
        float[] uniforms = new float[steps * used];
        long[] forced = new long[steps * used];
        List<SamplingParameters> sampling = new ArrayList<>(used);
        Arrays.fill(forced, -1);
        for (int slot = 0; slot < used; slot++) {
            CompletionInProgress completion = live.at(slot);
            CompletionRequest request = completion.request();
            newest[slot] = completion.newest();
            positions[slot] = completion.position();
            greedy[slot] = request.greedy() || request.sampling() == null && config.temperature() == 0;
            sampling.add(request.sampling() == null ? usual : request.sampling());
            details |= request.logprobs();
            top = Math.max(top, request.topLogprobs());
            for (int s = 0; s < steps; s++)
                uniforms[s * used + slot] = request.uniform(seed, completion.index, completion.length() + s);
        }
        DecodeRequest request = new DecodeRequest(
                newest, positions, uniforms, greedy, forced, sampling, masked ? allowed : List.of(), top);
        return guesses.isEmpty()
                ? collect(session.decode(request, details), guesses)
                : collect(session.verify(request, guesses, details), guesses);
    }

    /** [used] what each live completion may go on with; null for all tokens. A request whose mask fails ends alone. */
    private List<BitSet> allowed() {
        List<BitSet> allowed = new ArrayList<>(live.used());
        for (int slot = 0; slot < live.used(); slot++)
            try {
                allowed.add(live.at(slot).allowed());
            } catch (RuntimeException e) {
                CompletionRequest request = live.at(slot).request();
                cancel(request.id());
                live.arrange();
                if (request.listener() != null) request.listener().failed(e);
                return allowed(); // slots have moved
            }
        return allowed;
    }

    /** Completions start in free slots; none while new weights wait for the live slots, or while others are paused. */
    private void admit() {
        live.resume();
        while (waitingWeights == null) {
            requests.prefill();
            requests.start(version());
            if (live.used() > 0 || requests.waiting() == 0) break;
        }
        live.arrange();
    }

    private List<CompletedRequest> collect(DecodedTokens decided, List<int[]> guesses) {
        List<CompletedRequest> complete = requests.takeBegunToTheEnd();
        for (int slot = 0; slot < decided.rows(); slot++) {
            int count =
                    guesses.isEmpty() ? decided.steps() : drafts.right(guesses.get(slot), decided, slot, live.at(slot));
            if (!append(decided, slot, count)) continue;
            CompletionInProgress done = live.at(slot);
            live.clear(slot);
            if (listener != null) listener.accept(done.sampledLogprobs());
            Completion completion = done.finish(tokenizer, stop.token());
            TokenListener reader = done.request().listener();
            if (reader != null) reader.finished(done.index, completion, done.reason());
            if (done.of.finish(done.index, completion)) {
                complete.add(done.of.completed());
                requests.finished(done.of);
            }
        }
        loadIfDrained();
        return complete;
    }

    /** Gives a slot its first {@code count} new tokens, up to the one that ends the completion; true if there is one. */
    private boolean append(DecodedTokens decided, int slot, int count) {
        CompletionInProgress completion = live.at(slot);
        boolean ended = false;
        for (int step = 0; step < count && !ended; step++) {
            SampledToken token = sampled(decided, step, slot, completion.request());
            ended = completion.append(token, decided.logprob(step, slot), version(), stop.token(), tokenizer);
            if (listener != null) completion.note(decided.rawLogprob(step, slot), decided.processedLogprob(step, slot));
            sampled++;
        }
        return ended;
    }

    private static SampledToken sampled(DecodedTokens decided, int step, int slot, CompletionRequest request) {
        if (!request.logprobs()) return new SampledToken(decided.token(step, slot), Float.NaN, List.of());
        List<SampledToken.TopLogprob> top = new ArrayList<>();
        for (int rank = 0; rank < request.topLogprobs(); rank++)
            top.add(new SampledToken.TopLogprob(
                    decided.bestToken(step, slot, rank), decided.bestLogprob(step, slot, rank)));
        return new SampledToken(decided.token(step, slot), decided.rawLogprob(step, slot), top);
    }

    /**
     * Log-probabilities of {@code tokens[from..]} by the decoding path, with the weights in use: the trainer's packed forward
     * must give the same.
     */
    public float[] score(int[] tokens, int from) {
        return scorer.score(tokens, from);
    }

    /** Of the logits; greedy completions are chosen from those at 1. */
    private double temperature() {
        return config.temperature() == 0 ? 1 : config.temperature();
    }

    @Override
    public void close() {
        requests.forgetPrompts();
        scorer.close();
        session.close();
        weights.close();
    }
}
