package io.tramontane.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import io.tramontane.data.BadInputException;
import java.io.Serializable;
import java.util.Optional;

/**
 * Where a policy computes.
 *
 * @param gpu whether it is a GPU
 * @param index number of the GPU, from 0; 0 for the CPU
 */
public record ComputeDevice(boolean gpu, int index) implements Serializable {
    /** Set to {@code cpu} it keeps everything on the CPU, whatever the machine has. */
    public static final String VARIABLE = "TRAMONTANE_DEVICE";

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
        return count() > 0 ? gpu(0) : CPU;
    }

    /**
     * GPUs that PyTorch can use in this process; 0 where {@code TRAMONTANE_DEVICE=cpu} says so. A machine with a driver and no
     * such GPU is an error: it would compute on the CPU without a word.
     */
    public static int count() {
        return cpuOnly() ? 0 : counted(visible(), NvidiaDriver.sign());
    }

    /** True if the user has ruled out all GPUs. */
    public static boolean cpuOnly() {
        return "cpu".equals(System.getenv(VARIABLE));
    }

    static int counted(int visible, Optional<String> driver) {
        if (visible == 0 && driver.isPresent())
            throw new BadInputException("this machine has an NVIDIA driver (" + driver.get()
                    + "), but PyTorch sees no GPU: start with bin/tramontane, which fetches the CUDA libraries, and look whether"
                    + " nvidia-smi lists the card (docs/cluster.md, GPUs), or compute on the CPU with " + VARIABLE
                    + "=cpu");
        return visible;
    }

    /**
     * Refuses a GPU that PyTorch does not see in this process.
     *
     * @param who was given it, for the error
     */
    public void check(String who) {
        if (gpu && index >= visible())
            throw new BadInputException(who + " was given GPU " + index + ", but PyTorch sees " + visible()
                    + " there: the process needs the CUDA libraries (docs/cluster.md, GPUs) and the card");
    }

    /** The card and its CUDA, as far as the driver tells; nothing of a CPU. */
    public String card() {
        if (!gpu) return "";
        long bytes = CudaUtils.getGpuMemory(djl()).getMax();
        return "compute capability " + CudaUtils.getComputeCapability(index) + ", CUDA "
                + CudaUtils.getCudaVersionString() + ", " + Math.round(bytes * 1e-9) + " GB";
    }

    private static int visible() {
        return Engine.getEngine("PyTorch").getGpuCount();
    }

    Device djl() {
        return gpu ? Device.gpu(index) : Device.cpu();
    }

    @Override
    public String toString() {
        return gpu ? "gpu " + index : "cpu";
    }
}
