package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

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
