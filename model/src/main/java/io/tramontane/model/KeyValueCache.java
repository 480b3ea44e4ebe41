package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;

/** Keys and values of one shape, zero at first, in the type of the policy's weights. Whoever makes it closes it. */
final class KeyValueCache implements AutoCloseable {
    private final NDManager scope;
    private final NDArray keys;
    private final NDArray values;

    KeyValueCache(Policy policy, long... shape) {
        this.scope = policy.manager().newSubManager();
        boolean made = false;
        try {
            this.keys = policy.zeros(scope, shape);
            this.values = policy.zeros(scope, shape);
            made = true;
        } finally {
            if (!made) scope.close(); // the device has no room for both
        }
    }

    private KeyValueCache(NDManager scope, NDArray keys, NDArray values) {
        this.scope = scope;
        this.keys = keys;
        this.values = values;
    }

    /** A region of [L, positions Hk, D] as [L, Hk, T, D]: the same memory. */
    KeyValueCache region(Policy policy, long first, int capacity) {
        NDManager views = policy.manager().newSubManager();
        return new KeyValueCache(
                views, region(policy, keys, first, capacity, views), region(policy, values, first, capacity, views));
    }

    private static NDArray region(Policy policy, NDArray all, long first, int capacity, NDManager scope) {
        return Policy.take(
                policy.run("region", Policy.tensor(all), IValue.from(first), IValue.from((long) capacity)), scope);
    }

    NDArray keys() {
        return keys;
    }

    NDArray values() {
        return values;
    }

    @Override
    public void close() {
        scope.close();
    }
}
