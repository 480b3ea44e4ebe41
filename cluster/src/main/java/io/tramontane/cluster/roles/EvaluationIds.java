package io.tramontane.cluster.roles;

import io.tramontane.data.Group;

/**
 * Numbers of evaluation groups: negative, and they tell to which order, variant and problem a group belongs.
 *
 * @param order number of the order
 * @param forced the variant with forced openings
 * @param index problem in the evaluation source
 */
record EvaluationIds(int order, boolean forced, int index) {
    private static final long PROBLEMS = 1L << 30;

    static long of(int order, boolean forced, int index) {
        return -1 - ((2L * order + (forced ? 1 : 0)) * PROBLEMS + index);
    }

    /** The number that tests are drawn with: an evaluation's problem meets the same ones each time, in any run. */
    static long scored(Group group) {
        return group.id() < 0 ? read(group.id()).index() : group.id();
    }

    static EvaluationIds read(long id) {
        long code = -1 - id;
        long orderAndVariant = code / PROBLEMS;
        return new EvaluationIds(
                Math.toIntExact(orderAndVariant / 2), orderAndVariant % 2 == 1, (int) (code % PROBLEMS));
    }
}
