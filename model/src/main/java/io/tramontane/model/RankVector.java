package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tramontane.model.ranks.Collectives;

/** A vector of all that is trained that ranks exchange: their pieces have equal length, so zeros may follow it. */
final class RankVector {
    private final NDArray padded;
    private final FlatVector vector;
    private final FlatVector own;

    /** Zeros. */
    RankVector(Policy policy, Collectives ranks, Partition partition) {
        NDManager manager = policy.manager();
        padded = ranks.vector(manager, partition.padded(0));
        FlatVector all = new FlatVector(policy, padded);
        vector = new FlatVector(policy, all.view(partition.units().get(0), manager));
        long piece = partition.piece(0);
        own = new FlatVector(policy, all.view(new VectorRange(ranks.rank() * piece, piece), manager));
    }

    /** [N X] */
    NDArray padded() {
        return padded;
    }

    /** Without the zeros behind it. */
    FlatVector vector() {
        return vector;
    }

    /** [X] the own piece. */
    FlatVector own() {
        return own;
    }

    void check(FlatVector given) {
        if (given != vector) throw new IllegalArgumentException("not the vector that ranks exchange");
    }
}
