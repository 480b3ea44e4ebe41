package io.tramontane.data;

import java.util.OptionalLong;

/** Problems by number. The same index always gives the same problem, in any process: that makes resume and replay possible. */
public interface ProblemSource extends java.io.Serializable {
    /** The problem at an index from 0; sources made of files start again after their last problem, in a new order. */
    Problem get(long index);

    /** Number of different problems; empty where they never end. */
    default OptionalLong size() {
        return OptionalLong.empty();
    }
}
