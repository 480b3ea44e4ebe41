package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.cluster.roles.TaskRegistry;
import io.tramontane.data.BadInputException;
import io.tramontane.model.ComputeDevice;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** The decision; which GPUs real tasks get is in GpuPlacementTest. The tests run with TRAMONTANE_DEVICE=cpu. */
class DevicesTest {
    private static ClusterConfig config(DeviceChoice device) {
        return new ClusterConfig(Count.of(3), Count.of(1), 2, 1, 3, 600, 300, 60, 1e-3, 32, 4096, device, false, false);
    }

    private static List<ComputeDevice> of(Devices devices, String role, int count) {
        return IntStream.range(0, count).mapToObj(i -> devices.of(role, i)).toList();
    }

    @Test
    void rolesOfOneProcessTakeItsGpusInTurn() {
        // trainers 0 and 1 are places 0 and 1, generators 0 to 2 are places 2 to 4, of two GPUs
        Devices devices = Devices.inProcess(config(DeviceChoice.AUTO), 2);
        assertEquals(List.of(ComputeDevice.gpu(0), ComputeDevice.gpu(1)), of(devices, TaskRegistry.TRAINER, 2));
        assertEquals(
                List.of(ComputeDevice.gpu(0), ComputeDevice.gpu(1), ComputeDevice.gpu(0)),
                of(devices, TaskRegistry.GENERATOR, 3));
        assertEquals(ComputeDevice.CPU, devices.of(TaskRegistry.VERIFIER, 0));
        assertFalse(devices.fromSpark());
    }

    @Test
    void aProcessWithoutGpusComputesOnTheCpuUnlessAGpuIsAskedFor() {
        Devices devices = Devices.inProcess(config(DeviceChoice.AUTO), 0);
        assertEquals(ComputeDevice.CPU, devices.of(TaskRegistry.TRAINER, 0));
        BadInputException error =
                assertThrows(BadInputException.class, () -> Devices.inProcess(config(DeviceChoice.GPU), 0));
        assertTrue(error.getMessage().startsWith("cluster.device gpu: PyTorch sees no GPU on this machine"));
    }

    @Test
    void theVariableRulesGpusOut() {
        SparkConf spark = new SparkConf(false).set(Devices.PER_EXECUTOR, "1");
        Devices devices = Devices.of(config(DeviceChoice.AUTO), Master.of("local-cluster[1,2,1024]"), spark);
        assertFalse(devices.fromSpark());
        BadInputException error = assertThrows(
                BadInputException.class, () -> Devices.of(config(DeviceChoice.GPU), Master.of("local[*]"), spark));
        assertEquals("cluster.device gpu, but TRAMONTANE_DEVICE=cpu rules it out", error.getMessage());
    }

    @Test
    void executorsGetTheLibrariesOfTheDriverUnlessTheUserSaysOtherwise() {
        SparkConf spark = new SparkConf(false)
                .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC")
                .set("spark.executorEnv.PYTORCH_FLAVOR", "mine");
        CudaLibraries.passTo(
                spark, Map.of("PYTORCH_LIBRARY_PATH", "/c/torch/lib", "PYTORCH_FLAVOR", "cu128"), "/c/runtime/lib");
        assertEquals("/c/torch/lib", spark.get("spark.executorEnv.PYTORCH_LIBRARY_PATH"));
        assertEquals("mine", spark.get("spark.executorEnv.PYTORCH_FLAVOR"));
        assertEquals("PCI_BUS_ID", spark.get("spark.executorEnv.CUDA_DEVICE_ORDER"));
        assertEquals(
                "-XX:+UseSerialGC -Djna.library.path=/c/runtime/lib", spark.get("spark.executor.extraJavaOptions"));
    }
}
