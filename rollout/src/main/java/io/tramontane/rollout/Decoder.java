package io.tramontane.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.Dtype;
import io.tramontane.model.Policy;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The policy with a KV cache of R slots, one token at a time. The cache belongs to the policy's manager; weights are
 * replaced without touching it.
 */
public final class Decoder implements AutoCloseable {
    /** What one call decided: row by row [steps, R], and [steps, 2, R] raw and processed log-probabilities if asked for. */
    record Tokens(int rows, long[] tokens, float[] logprobs, float[] others) {}

    /** Parameters from which on packed matrices pay: below, a product is too small to gain what packing costs. */
    private static final long WORTH_PACKING = 8_000_000;

    /** For so many rows plain products reach the memory's bandwidth; one row alone has a layout of its own. */
    private static final int FEW = 2;

    /** From so many rows on, laying out the weights costs plain products little. */
    private static final int MANY = 128;

    private final Policy policy;
    private final Decoder owner;
    private final int slots;
    private final int positions;
    private final NDArray cacheKeys;
    private final NDArray cacheValues;
    private final double temperature;
    private final double topP;
    private final boolean packs;
    private IValue weights;
    private IValue packed;
    private int version;

    /** The slots that a config plans. */
    public static Decoder sampler(WeightSnapshot snapshot, RolloutConfig config) {
        CachePlan plan = CachePlan.of(snapshot.config(), config);
        return new Decoder(
                        Policy.reader(snapshot, config.numerics(), config.dtype()),
                        null,
                        config,
                        plan.slots(),
                        plan.positions())
                .at(snapshot.version());
    }

    /** One sequence of at most so many tokens, over the whole distribution, with the sampler's weights. */
    static Decoder judge(Decoder sampler, RolloutConfig config, int positions) {
        return new Decoder(sampler.policy, sampler, config, 1, positions);
    }

    private Decoder(Policy policy, Decoder owner, RolloutConfig config, int slots, int positions) {
        this.policy = policy;
        this.owner = owner;
        this.slots = slots;
        this.positions = positions;
        this.temperature = config.temperature() == 0 ? 1 : config.temperature();
        this.topP = owner == null ? config.topP() : 1;
        PolicyConfig shape = policy.config();
        this.packs = owner == null && packs(shape, config) && !policy.half() && !policy.onGpu();
        long[] cache = {shape.layers(), slots, shape.keyValueHeads(), positions, shape.headSize()};
        this.cacheKeys = policy.room(policy.manager(), cache);
        this.cacheValues = policy.room(policy.manager(), cache);
    }

    /** Whether matrices are packed if the device is a CPU: there is no such product on a GPU, nor in bfloat16. */
    static boolean packs(PolicyConfig shape, RolloutConfig config) {
        return !config.batchInvariant()
                && config.dtype() != Dtype.BFLOAT16
                && config.slots() != FEW
                && shape.parameters() >= WORTH_PACKING;
    }

    /** Weights of a version are in place: cuts them, and packs them if that pays. */
    private Decoder at(int newest) {
        version = newest;
        freeWeights();
        weights = policy.weights();
        if (!packs) return this;
        packed = policy.run("packed", Policy.tensor(policy.theta()), IValue.from((long) slots));
        return this;
    }

    int version() {
        return version;
    }

    /** Longest sequence of a slot. */
    int positions() {
        return positions;
    }

    PolicyConfig config() {
        return policy.config();
    }

    private void freeWeights() {
        if (weights != null) weights.close();
        if (packed != null) packed.close();
    }

    /** The weights that lie as the snapshot has them; a judge has its sampler's. */
    private IValue plain() {
        return owner == null ? weights : owner.weights;
    }

    /** New weights. */
    public void swap(WeightSnapshot next) {
        policy.load(next);
        at(next.version());
    }

    /** Room for a prompt, nothing of it computed yet; {@link #fill} hands it to any number of slots. */
    public Prefix prefix(int[] tokens) {
        return new Prefix(policy, policy.manager(), tokens);
    }

    /** Computes at most {@code most} missing tokens of some prompts, in their order, in one pass without padding. */
    public void prefill(List<Prefix> prompts, int most) {
        Piece piece = Piece.next(prompts, most);
        if (piece.isEmpty()) return;
        try (NDManager scope = policy.manager().newSubManager()) {
            IValue list = packs && piece.tokens().length <= MANY ? packed : plain();
            Policy.free(policy.runWith(list, "prefill", piece.arguments(scope)));
        }
    }

    /** Copies a computed prompt into a slot. */
    void fill(Prefix prompt, int slot) {
        if (prompt.length() == 0) return;
        Policy.free(policy.run(
                "fill",
                Policy.tensor(cacheKeys),
                Policy.tensor(cacheValues),
                Policy.tensor(prompt.keys()),
                Policy.tensor(prompt.values()),
                IValue.from((long) slot)));
    }

    void move(int source, int target, int count) {
        Policy.free(policy.run(
                "move",
                Policy.tensor(cacheKeys),
                Policy.tensor(cacheValues),
                IValue.from((long) source),
                IValue.from((long) target),
                IValue.from((long) count)));
    }

    /**
     * Some tokens for slots 0 to R-1.
     *
     * @param newest [R] the newest token of each slot
     * @param at [R] the position where that token stands
     * @param uniforms [steps, R]
     * @param greedy [R]
     * @param forced [steps, R] imposed tokens, -1 where the policy chooses
     * @param both whether raw and processed log-probabilities are wanted, too
     */
    public Tokens decode(long[] newest, long[] at, float[] uniforms, boolean[] greedy, long[] forced, boolean both) {
        int rows = newest.length;
        int steps = uniforms.length / rows;
        Spans spans =
                Spans.of(at, policy.config().cacheBytes(1) / policy.config().layers());
        try (NDManager scope = policy.manager().newSubManager()) {
            ByteBuffer flags = ByteBuffer.allocateDirect(rows);
            for (boolean flag : greedy) flags.put((byte) (flag ? 1 : 0));
            NDArray[] made = Policy.takeTuple(
                    policy.runWith(
                            packs && (slots == 1 || rows > FEW) ? packed : plain(),
                            "decode",
                            Policy.tensor(cacheKeys),
                            Policy.tensor(cacheValues),
                            Policy.tensor(Policy.longs(scope, newest, rows)),
                            Policy.tensor(Policy.longs(scope, at, rows)),
                            Policy.tensor(Policy.floats(scope, uniforms, steps, rows)),
                            Policy.tensor(scope.create(flags.flip(), new Shape(rows), DataType.BOOLEAN)),
                            Policy.tensor(Policy.longs(scope, forced, steps, rows)),
                            IValue.from(temperature),
                            IValue.from(topP),
                            IValue.listFrom(spans.counts()),
                            IValue.listFrom(spans.reaches()),
                            IValue.from(both)),
                    scope);
            float[] others = both ? made[2].toFloatArray() : new float[0];
            return new Tokens(rows, made[0].toLongArray(), made[1].toFloatArray(), others);
        }
    }

    @Override
    public void close() {
        freeWeights();
        cacheKeys.close();
        cacheValues.close();
        if (owner == null) policy.close();
    }
}
