package io.tramontane.data;

/** Examples of supervised fine-tuning by number, without end; the same index and progress always give the same example. */
public interface SftSource {
    /**
     * The example at an index.
     *
     * @param progress share of the training time that is over, 0 to 1
     */
    SftExample get(long index, double progress);
}
