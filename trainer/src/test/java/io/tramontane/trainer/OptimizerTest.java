package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.Policy;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    /** Two more numbers than the program takes at once. */
    private static final int COUNT = (1 << 22) + 2;

    /**
     * theta is 1 everywhere; the gradient is 3 at the front, 4 at the end and 0 between, so its norm is 5 and what is left of
     * it 0.6 and 0.8. In the first update the corrected moments are g and g squared, so every number with a gradient moves by
     * the learning rate 0.1, and all decay by 0.1 x 0.01.
     */
    @Test
    void theFirstUpdateReachesBothEndsOfALongVector() {
        try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, TinyGroups.theta(TinyGroups.SHAPE, 3)));
                NDManager scope = policy.manager().newSubManager()) {
            NDArray theta = scope.ones(new Shape(COUNT), DataType.FLOAT32);
            float[] slopes = new float[COUNT];
            slopes[0] = 3;
            slopes[COUNT - 1] = 4;
            NDArray gradient = scope.create(slopes);
            NDArray first = scope.zeros(new Shape(COUNT), DataType.FLOAT32);
            NDArray second = scope.zeros(new Shape(COUNT), DataType.FLOAT32);
            IValue norm = policy.run(
                    "adamw",
                    Policy.tensor(theta),
                    Policy.tensor(gradient),
                    Policy.tensor(first),
                    Policy.tensor(second),
                    IValue.from(1L),
                    IValue.from(0.1),
                    IValue.from(0.9),
                    IValue.from(0.99),
                    IValue.from(1e-8),
                    IValue.from(0.01),
                    IValue.from(1.0));
            assertEquals(5, Policy.take(norm, scope).getDouble(), 1e-6);
            float[] updated = theta.toFloatArray();
            assertEquals(0.899, updated[0], 1e-6);
            assertEquals(0.899, updated[COUNT - 1], 1e-6);
            for (int i = 1; i < COUNT - 1; i++) assertEquals(0.999f, updated[i], 1e-6f, "number " + i);
            assertEquals(0.06, first.getFloat(0), 1e-6); // 0.1 x 0.6
            assertEquals(0.0064, second.getFloat(COUNT - 1), 1e-7); // 0.01 x 0.64
            assertEquals(0, gradient.sum().getFloat());
        }
    }
}
