package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Sequences that grow over a KV cache: one slot each, a few tokens a call. The cache is [L, X Hk, D] for keys and for values;
 * a slot's region of T positions ({@link CacheRegions}) are rows of it, [Hk, T] of them.
 * Weights may be replaced between two calls ({@link DecodingWeights#load}); the cache stays. One thread owns it. Native
 * memory: the cache, until {@link #close()}; close it before its weights. A call frees what it makes.
 */
public final class DecodingSession implements AutoCloseable {
    private final DecodingWeights weights;
    private final Policy policy;
    private final KeyValueCache cache;
    private final CacheRegions regions;
    private final int positions;
    private final SamplingParameters sampling;
    private final boolean mayPack;
    private final long positionBytes;

    /**
     * For sampling, with as many slots as the weights are packed for.
     *
     * @param positions T, longest sequence of a slot
     */
    public static DecodingSession sampling(DecodingWeights weights, int positions, SamplingParameters sampling) {
        return new DecodingSession(weights, CacheRegions.fixed(weights.slots(), positions), positions, sampling, true);
    }

    /**
     * The same with slots that share a number of positions. A slot has room only after {@link #reserve}.
     *
     * @param shared positions of all slots together, at least those of the longest sequence
     */
    public static DecodingSession sampling(
            DecodingWeights weights, int positions, long shared, SamplingParameters sampling) {
        CacheRegions regions = CacheRegions.shared(weights.slots(), positions, shared);
        return new DecodingSession(weights, regions, positions, sampling, true);
    }

    /**
     * For scoring one given sequence, over the whole distribution and with the weights as they lie in the snapshot: a check
     * of the packed ones, too.
     */
    public static DecodingSession scoring(DecodingWeights weights, int positions, double temperature) {
        CacheRegions one = CacheRegions.fixed(1, positions);
        return new DecodingSession(weights, one, positions, new SamplingParameters(temperature, 1), false);
    }

    private DecodingSession(
            DecodingWeights weights,
            CacheRegions regions,
            int positions,
            SamplingParameters sampling,
            boolean mayPack) {
        this.weights = weights;
        this.regions = regions;
        this.policy = weights.policy();
        this.positions = positions;
        this.sampling = sampling;
        this.mayPack = mayPack;
        PolicyConfig shape = policy.config();
        this.positionBytes = shape.cacheBytes(1) / shape.layers();
        this.cache =
                new KeyValueCache(policy, shape.layers(), regions.size() * shape.keyValueHeads(), shape.headSize());
    }

    /** T, longest sequence of a slot. */
    public int positions() {
        return positions;
    }

    /** Memory for a prompt's keys and values, nothing computed yet. The caller closes it. */
    public PromptCache prompt(int[] tokens) {
        return new PromptCache(policy, tokens);
    }

    /**
     * A slot's sequence, whose keys and values {@link #prefill} writes into the slot. The caller closes it.
     *
     * @param computed how many of the tokens have theirs there already
     */
    public PromptCache inSlot(int slot, int[] tokens, int computed) {
        return new PromptCache(tokens, cache.region(policy, regions.first(slot), regions.capacity(slot)), computed);
    }

    /** Computes at most {@code maxTokens} missing tokens of some prompts, in their order, in one pass without padding. */
    public void prefill(List<PromptCache> prompts, int maxTokens) {
        PrefillBatch batch = PrefillBatch.next(prompts, maxTokens);
        if (batch.isEmpty()) return;
        IValue list = mayPack ? weights.forRows(batch.tokens().length) : weights.plain();
        try (NDManager scope = policy.manager().newSubManager()) {
            Policy.free(policy.runWith(list, "prefill", batch.arguments(scope)));
        }
    }

    /** Waits until a prompt's keys and values are there: a GPU returns from a call before the work is done. */
    public void await(PromptCache prompt) {
        if (prompt.length() == 0) return;
        try (NDManager scope = policy.manager().newSubManager()) {
            IValue layer = policy.run("slice", Policy.tensor(prompt.cache().keys()), IValue.from(0L), IValue.from(1L));
            Policy.take(layer, scope).toFloatArray();
        }
    }

    /** Copies a computed prompt into a slot. */
    public void fill(PromptCache prompt, int slot) {
        if (prompt.length() == 0) return;
        Policy.free(policy.run(
                "fill",
                Policy.tensor(cache.keys()),
                Policy.tensor(cache.values()),
                Policy.tensor(prompt.cache().keys()),
                Policy.tensor(prompt.cache().values()),
                IValue.from(regions.first(slot)),
                IValue.from((long) regions.capacity(slot))));
    }

    /** Positions that a sequence of so many takes of those that slots share; all slots have the same where they share none. */
    public int capacityFor(int count) {
        return regions.capacityFor(count);
    }

    /** Positions that slots share and none has; without limit where they share none. */
    public long free() {
        return regions.isFixed() ? Long.MAX_VALUE : regions.free();
    }

    /** Sees to it that a slot has room for so many positions, also those that it holds; false if the free ones are too few. */
    public boolean reserve(int slot, int count) {
        if (!regions.fits(slot, count)) return false;
        List<CacheRegions.Move> moves = regions.reserve(slot, count);
        if (moves.isEmpty()) return true;
        long[] places = moves.stream()
                .flatMapToLong(move -> LongStream.of(move.from(), move.fromCapacity(), move.to(), move.toCapacity()))
                .toArray();
        Policy.free(policy.run(
                "rearrange", Policy.tensor(cache.keys()), Policy.tensor(cache.values()), IValue.listFrom(places)));
        return true;
    }

    /** Another slot may have this one's room. */
    public void release(int slot) {
        regions.release(slot);
    }

    /** Copies the first {@code count} positions of a slot into another one. */
    public void copy(int source, int target, int count) {
        Policy.free(policy.run(
                "move",
                Policy.tensor(cache.keys()),
                Policy.tensor(cache.values()),
                IValue.from(regions.first(source)),
                IValue.from((long) regions.capacity(source)),
                IValue.from(regions.first(target)),
                IValue.from((long) regions.capacity(target)),
                IValue.from((long) count)));
    }

    /** A slot's sequence, of so many positions, goes to a slot that has none. */
    public void move(int source, int target, int count) {
        if (!regions.hand(source, target)) copy(source, target, count);
    }

    /**
     * Renumbers the first slots so that neighbours lie side by side in the cache, which makes decoding faster.
     *
     * @return [rows] the number that each had before
     */
    public int[] arrange(int rows) {
        return regions.arrange(rows);
    }

    /**
     * Some tokens for every slot from 0 to R-1.
     *
     * @param details whether {@link DecodedTokens#details} is wanted, too
     */
    public DecodedTokens decode(DecodeRequest request, boolean details) {
        int rows = request.rows();
        int steps = request.steps();
        RowSampling rowSampling =
                RowSampling.of(request, sampling, policy.config().vocabulary());
        AttentionSpans spans = AttentionSpans.of(request.positions(), regions, positionBytes);
        IValue list = mayPack ? weights.forRows(rows) : weights.plain();
        try (NDManager scope = policy.manager().newSubManager()) {
            NDArray[] made = Policy.takeList(
                    policy.runWith(
                            list,
                            "decode",
                            Policy.tensor(cache.keys()),
                            Policy.tensor(cache.values()),
                            Policy.tensor(Policy.longs(scope, request.newest(), rows)),
                            Policy.tensor(Policy.longs(scope, request.positions(), rows)),
                            Policy.tensor(Policy.floats(scope, request.uniforms(), steps, rows)),
                            Policy.tensor(flags(scope, request.greedy())),
                            Policy.tensor(Policy.longs(scope, request.forced(), steps, rows)),
                            rowSampling.temperatures(),
                            rowSampling.more(scope),
                            Policy.tensor(rows(scope, rows)),
                            IValue.listFrom(spans.counts()),
                            IValue.listFrom(spans.reaches()),
                            IValue.listFrom(spans.firsts()),
                            IValue.listFrom(spans.capacities()),
                            IValue.from(details),
                            IValue.from((long) request.topLogprobs())),
                    scope);
            return decided(made, rows, details, request.topLogprobs());
        }
    }

    /**
     * The same in one pass where the tokens are guessed: after a slot's newest token come its guesses, and the policy chooses
     * after each of them. What it chooses holds as long as the guesses before are what was chosen, and equals what {@link
     * #decode} would choose. Keys and values of wrong guesses are never seen: the next call overwrites them.
     *
     * @param request of one step more than the longest guess has tokens; nothing is forced, and all tokens are allowed
     * @param guesses [R] tokens of each slot, perhaps none
     * @return numbers behind a slot's last guess mean nothing
     */
    public DecodedTokens verify(DecodeRequest request, List<int[]> guesses, boolean details) {
        GuessedRows guessed = GuessedRows.of(request, guesses, regions);
        DecodeRequest flat = guessed.request();
        int rows = flat.rows();
        RowSampling rowSampling = RowSampling.of(flat, sampling, policy.config().vocabulary());
        IValue list = mayPack ? weights.forRows(rows) : weights.plain();
        try (NDManager scope = policy.manager().newSubManager()) {
            NDArray[] made = Policy.takeList(
                    policy.runWith(
                            list,
                            "verify",
                            Policy.tensor(cache.keys()),
                            Policy.tensor(cache.values()),
                            Policy.tensor(Policy.longs(scope, flat.newest(), rows)),
                            Policy.tensor(Policy.longs(scope, flat.positions(), rows)),
                            IValue.listFrom(request.positions()),
                            IValue.listFrom(guessed.counts()),
                            IValue.listFrom(guessed.firsts()),
                            IValue.listFrom(guessed.capacities()),
                            Policy.tensor(Policy.floats(scope, flat.uniforms(), rows)),
                            Policy.tensor(flags(scope, flat.greedy())),
                            rowSampling.temperatures(),
                            rowSampling.more(scope),
                            IValue.from(details),
                            IValue.from((long) flat.topLogprobs())),
                    scope);
            return guessed.bySlot(decided(made, rows, details, flat.topLogprobs()));
        }
    }

    private static DecodedTokens decided(NDArray[] made, int rows, boolean details, int top) {
        float[] others = details ? made[2].toFloatArray() : new float[0];
        if (top == 0) return new DecodedTokens(rows, made[0].toLongArray(), made[1].toFloatArray(), others);
        return new DecodedTokens(
                rows,
                made[0].toLongArray(),
                made[1].toFloatArray(),
                others,
                made[made.length - 2].toLongArray(),
                made[made.length - 1].toFloatArray());
    }

    /** [R Hk] the cache's row of each slot's first position, head by head. */
    private NDArray rows(NDManager scope, int slots) {
        int heads = policy.config().keyValueHeads();
        long[] rows = new long[slots * heads];
        for (int slot = 0; slot < slots; slot++)
            for (int head = 0; head < heads; head++)
                rows[slot * heads + head] = regions.first(slot) * heads + (long) head * regions.capacity(slot);
        return Policy.longs(scope, rows, rows.length);
    }

    private static NDArray flags(NDManager scope, boolean[] values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
        for (boolean value : values) bytes.put((byte) (value ? 1 : 0));
        return scope.create(bytes.flip(), new Shape(values.length), DataType.BOOLEAN);
    }

    @Override
    public void close() {
        cache.close();
    }
}
