package io.tramontane.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.tramontane.model.PackedSequences.Segment;
import java.util.List;

/**
 * Who attends to whom in a training pass, as attention.py takes it.
 *
 * @param policy whose pass it is
 * @param packed its sequences
 */
record AttentionIndices(Policy policy, PackedSequences packed) {
    /**
     * What all layers share: last who sees whom, and behind it, where layers differ in their windows, the same for those without
     * one.
     *
     * @return arrays that belong to {@code scope}
     */
    NDList shared(NDManager scope) {
        NDList arguments = new NDList(Policy.longs(scope, packed.positions(), packed.positions().length));
        if (!packed.isPadded()) {
            arguments.add(segments(scope.newSubManager(Device.cpu())));
            return policy.differentiate("shared_segments", scope, arguments);
        }
        PaddedSegments padded = PaddedSegments.of(packed.segments());
        int count = packed.segments().size();
        arguments.add(Policy.longs(scope, padded.query(), count, padded.longest()));
        arguments.add(Policy.longs(scope, padded.key(), count, padded.reach()));
        arguments.add(Policy.longs(scope, padded.prompt(), count));
        arguments.add(Policy.longs(scope, padded.back(), padded.back().length));
        return policy.differentiate("shared_padded", scope, arguments);
    }

    /** In the host's memory also where the policy is on a GPU: the program loops over it. */
    private NDArray segments(NDManager host) {
        List<Segment> segments = packed.segments();
        long[] numbers = new long[4 * segments.size()];
        for (int s = 0; s < segments.size(); s++) {
            Segment segment = segments.get(s);
            numbers[4 * s] = segment.start();
            numbers[4 * s + 1] = segment.length();
            numbers[4 * s + 2] = segment.promptStart();
            numbers[4 * s + 3] = segment.promptLength();
        }
        return Policy.longs(host, numbers, segments.size(), 4);
    }
}
