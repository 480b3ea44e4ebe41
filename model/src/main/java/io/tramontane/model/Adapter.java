package io.tramontane.model;

/**
 * The two thin matrices of one adapted weight.
 *
 * @param weight W [out, in], where it lies in theta
 * @param a A [rank, in], where it lies in the vector of all adapters
 * @param b B [out, rank], likewise
 */
record Adapter(TensorRange weight, TensorRange a, TensorRange b) {
    boolean within(VectorRange range) {
        return weight.offset() >= range.offset() && weight.offset() + weight.length() <= range.end();
    }
}
