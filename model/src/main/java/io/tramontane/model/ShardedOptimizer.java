package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tramontane.model.ranks.Collectives;
import java.util.List;

/** Every rank has theta and a whole gradient, but updates one range of theta alone, and has moments of that (ZeRO-1). */
final class ShardedOptimizer implements Trainable {
    private final Policy policy;
    private final Collectives ranks;
    private final Partition partition;
    private final RankVector theta;
    private RankVector gradient; // the one that newGradient made

    /** Theta is zero. */
    ShardedOptimizer(Policy policy, Collectives ranks) {
        this.policy = policy;
        this.ranks = ranks;
        this.partition =
                Partition.whole(ranks.rank(), ranks.count(), policy.config().parameters());
        this.theta = new RankVector(policy, ranks, partition);
    }

    /** All of it. */
    FlatVector theta() {
        return theta.vector();
    }

    @Override
    public List<TensorRange> tensors() {
        return policy.config().tensors();
    }

    @Override
    public FlatVector vector() {
        return theta.own();
    }

    @Override
    public List<Partition.Piece> pieces() {
        return partition.pieces();
    }

    @Override
    public List<VectorRange> served() {
        return partition.held();
    }

    @Override
    public List<VectorRange> held() {
        return List.of(partition.units().get(0));
    }

    @Override
    public NDArray weights(VectorRange range, NDManager scope) {
        return theta().view(range, scope);
    }

    @Override
    public void copyTo(WeightSnapshot weights) {
        for (VectorRange range : weights.held()) theta().copyTo(weights, range, range.offset());
    }

    @Override
    public boolean frozen(VectorRange range) {
        return false;
    }

    @Override
    public FlatVector newGradient() {
        gradient = new RankVector(policy, ranks, partition);
        return gradient.vector();
    }

    @Override
    public NDArray gradient(FlatVector into, VectorRange range, NDManager scope) {
        return into.view(range, scope);
    }

    @Override
    public void added(NDArray piece, VectorRange range, FlatVector into) {}

    @Override
    public FlatVector reduced(FlatVector whole) {
        gradient.check(whole);
        ranks.reduceScatter(gradient.padded());
        return gradient.own();
    }

    @Override
    public double squares(FlatVector reduced) {
        return ranks.sum(reduced.squares())[0];
    }

    @Override
    public void updated() {
        ranks.allGather(theta.padded());
    }
}
