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

    /** One slot of [L, slots, Hk, T, D] as [L, Hk, T, D]: the same memory. */
    KeyValueCache slot(Policy policy, int slot) {
        NDManager views = policy.manager().newSubManager();
        return new KeyValueCache(views, slot(policy, keys, slot, views), slot(policy, values, slot, views));
    }

    private static NDArray slot(Policy policy, NDArray all, int slot, NDManager scope) {
        return Policy.take(policy.run("slot", Policy.tensor(all), IValue.from((long) slot)), scope);
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
