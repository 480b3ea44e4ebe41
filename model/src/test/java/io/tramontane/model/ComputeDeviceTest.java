package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComputeDeviceTest {
    @Test
    void aDriverWithoutAGpuIsAnErrorAndNoCpuRun() {
        assertEquals(0, ComputeDevice.counted(0, Optional.empty()));
        assertEquals(2, ComputeDevice.counted(2, Optional.of("nvidia-smi")));
        BadInputException error =
                assertThrows(BadInputException.class, () -> ComputeDevice.counted(0, Optional.of("nvidia-smi")));
        assertTrue(
                error.getMessage()
                        .startsWith("this machine has an NVIDIA driver (nvidia-smi), but PyTorch sees no GPU:"),
                error.getMessage());
        assertTrue(error.getMessage().endsWith("or compute on the CPU with TRAMONTANE_DEVICE=cpu"), error.getMessage());
    }

    @Test
    void aGpuThatPyTorchDoesNotSeeIsRefused() {
        ComputeDevice.CPU.check("a task"); // the tests run without GPUs
        BadInputException error =
                assertThrows(BadInputException.class, () -> ComputeDevice.gpu(3).check("a task on here"));
        assertEquals(
                "a task on here was given GPU 3, but PyTorch sees 0 there: the process needs the CUDA libraries"
                        + " (docs/cluster.md, GPUs) and the card",
                error.getMessage());
    }
}
