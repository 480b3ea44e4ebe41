package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tramontane.model.ranks.Collectives;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/**
 * A rank has pieces of every block's weights, of their gradient and moments (ZeRO-3). What a block computes with is gathered
 * before it, while the block before computes; its gradient is summed over the ranks, and every rank keeps its pieces, while the
 * next block computes.
 */
final class ShardedTraining implements Trainable {
    private final Policy policy;
    private final Collectives ranks;
    private final Partition partition;
    private final Map<VectorRange, Integer> units = new HashMap<>();
    private final FlatVector vector;
    private final Map<Integer, Gathering> gatherings = new HashMap<>();
    private final Room large; // for the embedding and the head
    private final Room[] layers; // in turn
    private final Map<VectorRange, Room> open = new HashMap<>(); // gradients that a block is adding to
    private int turn;

    /** Weights of a unit that are on their way. */
    private record Gathering(NDArray whole, NDArray own, Future<Void> done) {}

    /** Room for a unit's gradient, and the exchange that still reads it. */
    private static final class Room {
        private final FlatVector numbers;
        private NDArray whole;
        private NDArray sum;
        private Future<Void> busy;

        Room(FlatVector numbers) {
            this.numbers = numbers;
        }

        void await() {
            if (busy == null) return;
            Collectives.done(busy);
            busy = null;
            whole.close();
            sum.close();
        }
    }

    /** Zeros. */
    ShardedTraining(Policy policy, Collectives ranks) {
        this.policy = policy;
        this.ranks = ranks;
        this.partition = Partition.ofBlocks(ranks.rank(), ranks.count(), policy.config());
        List<VectorRange> ranges = partition.units();
        for (int unit = 0; unit < ranges.size(); unit++) units.put(ranges.get(unit), unit);
        this.vector = new FlatVector(policy, ranks.vector(policy.manager(), partition.length()));
        BlockUnits lengths = new BlockUnits(policy.blocks(), partition);
        this.large = room(Math.max(lengths.embedding(), lengths.head()));
        this.layers = new Room[] {room(lengths.largestHalf()), room(lengths.largestHalf())};
    }

    private Room room(long length) {
        return new Room(new FlatVector(policy, ranks.vector(policy.manager(), length)));
    }

    @Override
    public List<TensorRange> tensors() {
        return policy.config().tensors();
    }

    @Override
    public FlatVector vector() {
        return vector;
    }

    @Override
    public List<Partition.Piece> pieces() {
        return partition.pieces();
    }

    @Override
    public List<VectorRange> served() {
        return partition.held();
    }

    private NDArray piece(FlatVector of, int unit) {
        return of.view(new VectorRange(partition.at(unit), partition.piece(unit)), policy.manager());
    }

    @Override
    public void soon(VectorRange range) {
        gatherings.computeIfAbsent(units.get(range), this::gather);
    }

    private Gathering gather(int unit) {
        NDArray whole = policy.manager().create(new Shape(partition.padded(unit)), DataType.FLOAT32);
        NDArray own = piece(vector, unit);
        return new Gathering(whole, own, ranks.allGather(own, whole));
    }

    @Override
    public List<VectorRange> held() {
        return partition.held();
    }

    @Override
    public NDArray weights(VectorRange range, NDManager scope) {
        int unit = units.get(range);
        soon(range);
        Gathering gathering = gatherings.remove(unit);
        Collectives.done(gathering.done());
        gathering.own().close();
        try (NDArray whole = gathering.whole()) { // the view keeps its memory
            return new FlatVector(policy, whole).view(new VectorRange(0, range.length()), scope);
        }
    }

    @Override
    public void copyTo(WeightSnapshot weights) {
        for (Partition.Piece piece : pieces())
            vector.copyTo(
                    weights,
                    new VectorRange(piece.at(), piece.range().length()),
                    piece.range().offset());
    }

    @Override
    public boolean frozen(VectorRange range) {
        return false;
    }

    @Override
    public FlatVector newGradient() {
        return policy.vector(partition.length());
    }

    /** A block's whole gradient, which is summed when the block has added to it. */
    @Override
    public NDArray gradient(FlatVector gradient, VectorRange range, NDManager scope) {
        int unit = units.get(range);
        long length = partition.padded(unit);
        Room room = length > layers[0].numbers.length() ? large : layers[turn++ % layers.length];
        room.await();
        room.whole = room.numbers.view(new VectorRange(0, length), policy.manager());
        room.sum = piece(gradient, unit);
        Policy.free(policy.run("clear", Policy.tensor(room.whole)));
        open.put(range, room);
        return room.numbers.view(new VectorRange(0, range.length()), scope);
    }

    @Override
    public void added(NDArray piece, VectorRange range, FlatVector gradient) {
        Room room = open.remove(range);
        room.busy = ranks.reduceScatter(room.whole, room.sum);
    }

    @Override
    public FlatVector reduced(FlatVector gradient) {
        large.await();
        for (Room room : layers) room.await();
        return gradient;
    }

    @Override
    public double squares(FlatVector reduced) {
        return ranks.sum(reduced.squares())[0];
    }

    @Override
    public boolean inStep() {
        return true;
    }
}
