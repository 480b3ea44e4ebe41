package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AdamWTest {
    /** Two more numbers than the program takes at once. */
    private static final int COUNT = (1 << 22) + 2;

    /**
     * theta is 1 everywhere; the gradient is 3 at the front, 4 at the end and 0 between, so its norm is 5 and what is left of
     * it 0.6 and 0.8. In the first update the corrected moments are g and g squared, so every number with a gradient moves by
     * the learning rate 0.1, and all decay by 0.1 x 0.01.
     */
    @Test
    void theFirstUpdateReachesBothEndsOfALongVector() {
        try (Policy policy = new Policy(PolicyTest.random(PolicyTest.SMALL, 3))) {
            FlatVector theta = policy.vector(COUNT);
            theta.values().addi(1);
            FlatVector gradient = policy.vector(COUNT);
            gradient.write(0, new float[] {3});
            gradient.write(COUNT - 1, new float[] {4});
            FlatVector first = policy.vector(COUNT);
            FlatVector second = policy.vector(COUNT);
            double norm = new AdamW(0.9, 0.99, 1e-8, 0.01, 1.0)
                    .step(policy, new AdamW.Vectors(theta, gradient, first, second), 1, 0.1);
            assertEquals(5, norm, 1e-6);
            float[] updated = theta.read(new VectorRange(0, COUNT));
            assertEquals(0.899, updated[0], 1e-6);
            assertEquals(0.899, updated[COUNT - 1], 1e-6);
            for (int i = 1; i < COUNT - 1; i++) assertEquals(0.999f, updated[i], 1e-6f, "number " + i);
            assertEquals(0.06, first.read(new VectorRange(0, 1))[0], 1e-6); // 0.1 x 0.6
            assertEquals(0.0064, second.read(new VectorRange(COUNT - 1, 1))[0], 1e-7); // 0.01 x 0.64
            assertEquals(0, gradient.norm());
        }
    }

    /** The nearest numbers with eight digits: 0.06 is 0x3d75c28f, 0.0064 is 0x3bd1b717. */
    @Test
    void momentsInBfloat16AreRoundedAndTheUpdateIsNot() {
        try (Policy policy = new Policy(PolicyTest.random(PolicyTest.SMALL, 3))) {
            FlatVector theta = policy.vector(2);
            theta.values().addi(1);
            FlatVector gradient = policy.vector(2);
            gradient.write(0, new float[] {3, 4});
            FlatVector first = policy.vector(2, Dtype.BFLOAT16);
            FlatVector second = policy.vector(2, Dtype.BFLOAT16);
            new AdamW(0.9, 0.99, 1e-8, 0.01, 1.0)
                    .step(policy, new AdamW.Vectors(theta, gradient, first, second), 1, 0.1);
            assertEquals(0.899, theta.read(new VectorRange(0, 1))[0], 1e-6);
            assertEquals(Float.intBitsToFloat(0x3d760000), first.read(new VectorRange(0, 1))[0]);
            assertEquals(Float.intBitsToFloat(0x3bd20000), second.read(new VectorRange(1, 1))[0]);
        }
    }
}
