package io.tramontane.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Comparator;
import java.util.List;

/**
 * The policy on its device: the TorchScript program and theta [P], float32, or bfloat16 with the head once more in
 * float32. One thread owns it; {@link ComputeThread} is prepared by the constructor. Native memory: theta, the head and
 * the program live until {@link #close()}; every call frees what it made, except the arrays that it returns, which belong
 * to the manager that the caller passed.
 */
public final class Policy implements AutoCloseable {
    private final PolicyConfig config;
    private final Model model;
    private final PtSymbolBlock block;
    private final NDManager manager;
    private final List<Block> blocks;
    private final boolean half;
    private final boolean sharesMemory;
    private final NDArray head;
    private NDArray theta;
    private FlatVector whole;
    private Trainable trainable;

    /** A policy with the given weights, fast. */
    public Policy(WeightSnapshot weights) {
        this(weights, Numerics.FAST);
    }

    /** A policy with the given weights, float32. */
    public Policy(WeightSnapshot weights, Numerics numerics) {
        this(weights, numerics, ComputeDevice.available());
    }

    /** A policy with the given weights, float32, on a device. */
    public Policy(WeightSnapshot weights, Numerics numerics, ComputeDevice device) {
        this(weights, numerics, Dtype.FLOAT32, device);
    }

    /** A policy whose weights are float32, and whose training passes compute in another type. */
    public Policy(WeightSnapshot weights, Numerics numerics, Dtype compute, ComputeDevice device) {
        this(weights, numerics, compute, device, LoraConfig.defaults(), Sharding.ALONE);
    }

    /** The same with adapters, all 0, if LoRA is on: theta is then frozen. */
    public Policy(WeightSnapshot weights, Numerics numerics, Dtype compute, ComputeDevice device, LoraConfig lora) {
        this(weights, numerics, compute, device, lora, Sharding.ALONE);
    }

    /** The same of a rank, which may hold pieces of it alone; the weights need hold no more than these. */
    public Policy(
            VectorSource weights,
            Numerics numerics,
            Dtype compute,
            ComputeDevice device,
            LoraConfig lora,
            Sharding sharding) {
        this(
                weights,
                numerics,
                Dtype.FLOAT32,
                false,
                sharding,
                program(weights, numerics, compute.ofTraining(), device),
                model(device));
        boolean made = false;
        try {
            if (lora.on()) trainable = new LoraTraining(this, whole, new AdapterLayout(config, lora));
            if (!sharding.alone() && sharding.shard() == Shard.NONE)
                trainable = new ReplicatedTraining(this, trainable, sharding.ranks(), !lora.on());
            made = true;
        } finally {
            if (!made) close();
        }
    }

    /**
     * A policy that is never trained. On a CPU, in float32 and up to a gigabyte its theta is the snapshot's own memory, so
     * that new weights cost no copy; whatever came out of {@link #weights()} before they were loaded must not be used then.
     */
    static Policy reader(WeightSnapshot weights, Numerics numerics, Dtype dtype, ComputeDevice device) {
        return new Policy(
                weights,
                numerics,
                dtype,
                true,
                Sharding.ALONE,
                program(weights, numerics, dtype, device),
                model(device));
    }

    private static InputStream program(VectorSource weights, Numerics numerics, Dtype compute, ComputeDevice device) {
        ProductLibrary library = device.gpu() ? ProductLibrary.MKL : ProductLibrary.ofMachine();
        return PolicyProgram.archive(weights.config(), numerics, compute.half(device.gpu(), numerics), library);
    }

    private static Model model(ComputeDevice device) {
        ComputeThread.prepare();
        return Model.newInstance("policy", device.djl(), "PyTorch");
    }

    /** The model belongs to the policy, and is closed if there comes none of it. */
    Policy(
            VectorSource weights,
            Numerics numerics,
            Dtype dtype,
            boolean mayShareMemory,
            Sharding sharding,
            InputStream program,
            Model model) {
        this.config = weights.config();
        this.blocks = Block.of(config);
        this.model = model;
        boolean made = false;
        try {
            model.load(program);
            this.block = (PtSymbolBlock) model.getBlock();
            this.manager = model.getNDManager().newSubManager();
            this.half = dtype.half(onGpu(), numerics);
            this.sharesMemory =
                    mayShareMemory && !half && !onGpu() && weights instanceof WeightSnapshot copy && copy.isOnePiece();
            this.head = half ? zeros(manager, false, headSize()) : null;
            if (!sharing(sharding) && !sharesMemory) replace(zeros(manager, half, config.parameters()));
            load(weights);
            made = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the policy program does not load", e);
        } finally {
            if (!made) model.close();
        }
    }

    /** Makes what ranks divide; false where each has all. */
    private boolean sharing(Sharding sharding) {
        if (sharding.alone() || sharding.shard() == Shard.NONE) return false;
        if (sharding.shard() == Shard.OPTIMIZER) {
            ShardedOptimizer sharded = new ShardedOptimizer(this, sharding.ranks());
            whole = sharded.theta();
            theta = whole.values();
            trainable = sharded;
        } else {
            trainable = new ShardedTraining(this, sharding.ranks());
        }
        return true;
    }

    /** The shape. */
    public PolicyConfig config() {
        return config;
    }

    /** Owner of what lives as long as the policy. */
    public NDManager manager() {
        return manager;
    }

    /**
     * [P], changed in place by {@link #load} and the optimizer; of a {@link #reader} another array after each load; null where
     * ranks divide it.
     */
    NDArray theta() {
        return theta;
    }

    private void replace(NDArray array) {
        if (theta != null) theta.close();
        theta = array;
        whole = new FlatVector(this, array);
        trainable = new FullTraining(this, whole);
    }

    /** What this rank updates of the vector that is trained: theta, or all adapters. */
    public FlatVector trained() {
        return trainable.vector();
    }

    /** A vector of the trained one's size, float32, zero: a moment. */
    public FlatVector vector() {
        return vector(trained().length());
    }

    /** The same of another type. */
    public FlatVector vector(Dtype type) {
        return vector(trained().length(), type);
    }

    FlatVector vector(long length, Dtype type) {
        return new FlatVector(this, zeros(manager, type == Dtype.BFLOAT16, length));
    }

    /** A vector of zeros to which passes add d loss / d trained. Of one rank it has the trained vector's size. */
    public FlatVector gradient() {
        return trainable.newGradient();
    }

    /** The gradient summed over all ranks, of what this rank updates. */
    public FlatVector reduced(FlatVector gradient) {
        return trainable.reduced(gradient);
    }

    /** Root of the sum of squares of all of the gradient, of which {@link #reduced} gave what this rank updates. */
    public double norm(FlatVector reduced) {
        return Math.sqrt(trainable.squares(reduced));
    }

    /** After this rank's part of the trained vector has changed: now all ranks have it. */
    public void updated() {
        trainable.updated();
    }

    /** Whether ranks wait for each other between the blocks of a pass, so that all must make the same passes. */
    public boolean ranksInStep() {
        return trainable.inStep();
    }

    /** What is trained. */
    Trainable trainable() {
        return trainable;
    }

    /** A vector of any size. */
    FlatVector vector(long length) {
        return new FlatVector(this, manager.zeros(new Shape(length), DataType.FLOAT32));
    }

    /** The parts of a {@link TrainingPass}, in the order of the forward pass. */
    public List<Block> blocks() {
        return blocks;
    }

    /** Completion tokens that the head computes at a time. */
    int headRows() {
        return PolicyProgram.headRows(config);
    }

    /** Whether theta is bfloat16. */
    boolean half() {
        return half;
    }

    /** Whether it computes on a GPU. */
    boolean onGpu() {
        return manager.getDevice().isGpu();
    }

    /** The list of weights that generation takes: views of theta, and the float32 head if theta is bfloat16. */
    IValue weights() {
        return half ? run("with_head", tensor(theta), tensor(head)) : run("views", tensor(theta));
    }

    /** Zeros in theta's type, which belong to {@code scope}: keys or values of a cache. */
    NDArray zeros(NDManager scope, long... shape) {
        return zeros(scope, half, shape);
    }

    /** Float32 zeros are made here, not by the program: it runs in inference mode, and its arrays take no gradient. */
    NDArray zeros(NDManager scope, boolean twoBytes, long... shape) {
        NDArray zeros = scope.zeros(new Shape(twoBytes ? new long[] {1} : shape), DataType.FLOAT32);
        if (!twoBytes) return zeros;
        try (zeros) { // DJL itself makes no arrays of bfloat16
            return take(run("zeros", tensor(zeros), IValue.listFrom(shape)), scope);
        }
    }

    private long headSize() {
        return (long) config.vocabulary() * config.width();
    }

    /** Replaces theta. */
    public void load(VectorSource weights) {
        if (sharesMemory) {
            ByteBuffer memory = weights.part(0, weights.bytes());
            replace(manager.create(memory, new Shape(config.parameters()), DataType.FLOAT32));
            return;
        }
        if (whole == null) load(trainable.vector(), weights);
        else load(theta, weights, 0, 0, theta.size());
        if (half) load(head, weights, config.tiedHead() ? 0 : config.parameters() - headSize(), 0, headSize());
    }

    /** Fills a vector of the trained one's size, e.g. Adam's moments, with what a source holds of it. */
    public void load(FlatVector vector, VectorSource from) {
        TensorRange last = trainable.tensors().get(trainable.tensors().size() - 1);
        long length = last.offset() + last.length();
        if (length * Float.BYTES != from.bytes())
            throw new IllegalArgumentException(from.bytes() + " bytes for a vector of " + length + " numbers");
        for (Partition.Piece piece : trainable.pieces())
            load(
                    vector.values(),
                    from,
                    piece.range().offset(),
                    piece.at(),
                    piece.range().length());
    }

    /** Copies numbers of a source from {@code first} on into a vector, in pieces; each gets the vector's type. */
    private void load(NDArray vector, VectorSource from, long first, long into, long count) {
        long at = 0;
        while (at < count) {
            ByteBuffer part =
                    from.part((first + at) * Float.BYTES, Math.min(FlatVector.PIECE, (count - at) * Float.BYTES));
            try (NDManager scope =
                    manager.newSubManager()) { // a direct ByteBuffer is seen as it lies; floats are copied
                NDArray chunk = scope.create(part, new Shape(part.remaining() / Float.BYTES), DataType.FLOAT32);
                free(run("load", tensor(vector), tensor(chunk), IValue.from(into + at)));
            }
            at += part.capacity() / Float.BYTES;
        }
    }

    /** What this rank gives to others of the weights that the policy computes with, with all adapters merged: a copy. */
    public WeightSnapshot snapshot(int version) {
        return copy(version, served());
    }

    /** The ranges of theta that this rank gives to generators and checkpoints. */
    public List<VectorRange> served() {
        return trainable.served();
    }

    /** All that this process holds of the weights that the policy computes with: a copy. */
    public WeightSnapshot held(int version) {
        return copy(version, trainable.held());
    }

    /** Some ranges of what this process holds of them: a copy. */
    public WeightSnapshot copy(int version, List<VectorRange> ranges) {
        WeightSnapshot copy = new WeightSnapshot(config, config.tensors(), version, ranges);
        trainable.copyTo(copy);
        return copy;
    }

    /** SHA-256 of all weights, as {@link WeightSnapshot#digest}; all ranks call it. */
    public String digest() {
        WeightDigest sha = WeightDigest.begin();
        blocks.stream()
                .flatMap(block -> block.reads().stream())
                .distinct()
                .sorted(Comparator.comparingLong(VectorRange::offset))
                .forEach(range -> {
                    try (NDManager scope = manager.newSubManager()) {
                        new FlatVector(this, trainable.weights(range, scope)).feed(sha);
                    }
                });
        return sha.hex();
    }

    /** What a checkpoint has of a vector of the trained one's size, without a copy. */
    public VectorSource live(FlatVector vector) {
        return new LiveVector(config, vector, trainable);
    }

    /** A copy of a vector of the trained one's size. */
    public WeightSnapshot snapshot(FlatVector vector, int version) {
        WeightSnapshot copy = new WeightSnapshot(config, trainable.tensors(), version, trainable.saved());
        for (Partition.Piece piece : trainable.pieces())
            for (VectorRange range : copy.held())
                range.and(piece.range())
                        .ifPresent(both -> vector.copyTo(
                                copy,
                                new VectorRange(
                                        piece.at()
                                                + both.offset()
                                                - piece.range().offset(),
                                        both.length()),
                                both.offset()));
        return copy;
    }

    /**
     * Log-probabilities of the completion tokens of packed sequences.
     *
     * @return [M] natural logarithms at the temperature
     */
    public float[] logprobs(PackedSequences packed, double temperature) {
        try (TrainingPass pass = new TrainingPass(this, packed, temperature, null)) {
            return pass.logprobs();
        }
    }

    /**
     * Begins a training pass: goes forward through all layers.
     *
     * @param temperature of the distributions, that of sampling
     * @return to be closed by the caller
     */
    public TrainingPass pass(PackedSequences packed, double temperature, Keep keep) {
        return new TrainingPass(this, packed, temperature, keep);
    }

    /** An int64 array of any shape. */
    static NDArray longs(NDManager scope, long[] values, long... shape) {
        return scope.create(LongBuffer.wrap(values), new Shape(shape), DataType.INT64);
    }

    /** A float32 array of any shape. */
    static NDArray floats(NDManager scope, float[] values, long... shape) {
        return scope.create(FloatBuffer.wrap(values), new Shape(shape), DataType.FLOAT32);
    }

    /**
     * Calls a method of the program that differentiates inside, or computes what is differentiated later; all arguments are
     * arrays, those that are named {@code some[]} one list.
     *
     * @return arrays that belong to {@code scope}
     */
    NDList differentiate(String method, NDManager scope, NDList arguments) {
        try (NDArray name = scope.zeros(new Shape(1))) {
            name.setName("module_method:" + method);
            NDList all = new NDList(arguments);
            all.add(name);
            NDList result = IValueUtils.forward(block, all, true);
            result.attach(scope);
            return result;
        }
    }

    /**
     * Calls a method of the program in inference mode and closes the arguments.
     *
     * @return to be closed by the caller, see {@link #take} and {@link #free}
     */
    IValue run(String method, IValue... arguments) {
        try {
            return IValueUtils.runMethod(block, method, arguments);
        } finally {
            free(arguments);
        }
    }

    /** As {@link #run}, with a first argument that stays open: the generator's list of weights. */
    IValue runWith(IValue kept, String method, IValue... arguments) {
        IValue[] all = new IValue[arguments.length + 1];
        all[0] = kept;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            return IValueUtils.runMethod(block, method, all);
        } finally {
            free(arguments);
        }
    }

    /** An array as an argument. */
    static IValue tensor(NDArray array) {
        return IValue.from((PtNDArray) array);
    }

    /** A list of arrays as an argument. */
    static IValue tensors(List<NDArray> arrays) {
        return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
    }

    /** A result's tensor, which then belongs to {@code scope}; the result is closed. */
    static NDArray take(IValue value, NDManager scope) {
        try (value) {
            return value.toTensor((PtNDManager) scope);
        }
    }

    /** A result's list of tensors, which then belong to {@code scope}; the result is closed. */
    static NDArray[] takeList(IValue value, NDManager scope) {
        try (value) {
            return value.toTensorArray((PtNDManager) scope);
        }
    }

    /** Closes results and arguments. */
    static void free(IValue... values) {
        for (IValue value : values) value.close();
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }
}
