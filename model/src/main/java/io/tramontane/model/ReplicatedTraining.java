package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tramontane.model.ranks.Collectives;
import java.util.List;

/**
 * Every rank has all that is trained and makes the same update; gradients add up. Of weights each rank serves one range; of
 * adapters, which are small, the first serves all.
 */
final class ReplicatedTraining implements Trainable {
    private final Policy policy;
    private final Trainable one;
    private final Collectives ranks;
    private final Partition partition;
    private final boolean divided;
    private RankVector gradient; // the one that newGradient made

    ReplicatedTraining(Policy policy, Trainable one, Collectives ranks, boolean divided) {
        this.policy = policy;
        this.one = one;
        this.ranks = ranks;
        this.divided = divided;
        this.partition =
                Partition.whole(ranks.rank(), ranks.count(), one.vector().length());
    }

    @Override
    public List<TensorRange> tensors() {
        return one.tensors();
    }

    @Override
    public FlatVector vector() {
        return one.vector();
    }

    @Override
    public List<Partition.Piece> pieces() {
        return one.pieces();
    }

    @Override
    public List<VectorRange> served() {
        if (divided) return partition.held();
        return ranks.isFirst() ? one.served() : List.of();
    }

    @Override
    public List<VectorRange> saved() {
        if (divided) return partition.held();
        return ranks.isFirst() ? one.saved() : List.of();
    }

    @Override
    public List<VectorRange> held() {
        return one.held();
    }

    @Override
    public NDArray weights(VectorRange range, NDManager scope) {
        return one.weights(range, scope);
    }

    @Override
    public void copyTo(WeightSnapshot weights) {
        if (!weights.held().isEmpty()) one.copyTo(weights);
    }

    @Override
    public boolean frozen(VectorRange range) {
        return one.frozen(range);
    }

    @Override
    public FlatVector newGradient() {
        gradient = new RankVector(policy, ranks, partition);
        return gradient.vector();
    }

    @Override
    public NDArray gradient(FlatVector into, VectorRange range, NDManager scope) {
        return one.gradient(into, range, scope);
    }

    @Override
    public void added(NDArray piece, VectorRange range, FlatVector into) {
        one.added(piece, range, into);
    }

    @Override
    public FlatVector reduced(FlatVector own) {
        gradient.check(own);
        ranks.allReduce(gradient.padded());
        return own;
    }

    /** Piece by piece, as ranks that divide the vector add it: the same bits. */
    @Override
    public double squares(FlatVector reduced) {
        double sum = 0;
        for (int rank = 0; rank < ranks.count(); rank++)
            for (VectorRange range : new Partition(rank, ranks.count(), partition.units()).held())
                sum += reduced.squares(range);
        return sum;
    }
}
