package io.tramontane.model.ranks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * How long vectors travel between ranks. Every rank calls the same methods in the same order with vectors of the same length,
 * which {@link #vector} made. N ranks, X numbers of one rank.
 *
 * <p>Order of addition, the same in every way but NCCL's: numbers of rank r are the sum of ranks r + 1, r + 2, ..., r, counted
 * round the ring.
 */
interface Exchange extends AutoCloseable {
    /**
     * A vector of zeros, float32, in memory that this way of travelling reaches. It lives as long as the exchange.
     *
     * @param length the same on all ranks
     */
    NDArray vector(NDManager manager, long length);

    /** whole [N X]: piece {@code rank} becomes the sum of all ranks' pieces; what the others become is undefined. */
    void reduceScatter(NDArray whole);

    /** whole [N X]: every piece becomes that of its rank. */
    void allGather(NDArray whole);

    /**
     * The same out of another vector.
     *
     * @param own [X], at the same place of a vector on all ranks
     * @param whole [N X], any array
     */
    void allGather(NDArray own, NDArray whole);

    /** Which way, as messages call it. */
    String name();

    @Override
    void close();
}
