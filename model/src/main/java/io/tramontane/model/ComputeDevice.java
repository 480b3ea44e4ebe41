package io.tramontane.model;

import ai.djl.Device;
import ai.djl.engine.Engine;

/**
 * Where a policy computes.
 *
 * @param gpu whether it is a GPU
 * @param index number of the GPU, from 0; 0 for the CPU
 */
public record ComputeDevice(boolean gpu, int index) {
    /** The processor. */
    public static final ComputeDevice CPU = new ComputeDevice(false, 0);

    /** Checks ranges. */
    public ComputeDevice {
        if (index < 0 || !gpu && index > 0)
            throw new IllegalArgumentException("device index " + index + ", allowed " + (gpu ? ">= 0" : "0"));
    }

    /** A GPU. */
    public static ComputeDevice gpu(int index) {
        return new ComputeDevice(true, index);
    }

    /** The first GPU that PyTorch can use, otherwise the CPU. */
    public static ComputeDevice available() {
        return Engine.getEngine("PyTorch").getGpuCount() > 0 ? gpu(0) : CPU;
    }

    Device djl() {
        return gpu ? Device.gpu(index) : Device.cpu();
    }
}
