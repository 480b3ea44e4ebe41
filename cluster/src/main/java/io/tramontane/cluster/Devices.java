package io.tramontane.cluster;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.cluster.roles.TaskRegistry;
import io.tramontane.data.BadInputException;
import io.tramontane.model.ComputeDevice;
import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * Where the run's trainers and generators compute: {@code cluster.device}, decided once in the driver. Between processes Spark gives
 * every such task a GPU of its own; verifiers get none. Where all roles are threads of one process, they share its GPUs in turn.
 */
final class Devices implements Serializable {
    /** The name of GPUs among Spark's resources. */
    static final String GPU = "gpu";

    /** How many GPUs each executor has; Spark's own setting. */
    static final String PER_EXECUTOR = "spark.executor.resource.gpu.amount";

    private static final long serialVersionUID = 1;

    private final boolean fromSpark;
    private final int ofThisProcess;
    private final int trainers;

    private Devices(boolean fromSpark, int ofThisProcess, int trainers) {
        this.fromSpark = fromSpark;
        this.ofThisProcess = ofThisProcess;
        this.trainers = trainers;
    }

    /** Decides; executors get a GPU each unless the settings say how many. */
    static Devices of(ClusterConfig config, Master master, SparkConf spark) {
        if (config.device() == DeviceChoice.GPU && ComputeDevice.cpuOnly())
            throw new BadInputException("cluster.device gpu, but " + ComputeDevice.VARIABLE + "=cpu rules it out");
        if (config.device() == DeviceChoice.CPU || ComputeDevice.cpuOnly()) return new Devices(false, 0, 0);
        if (master.inProcess()) return inProcess(config, ComputeDevice.count());
        boolean gpus = config.device() == DeviceChoice.GPU || spark.getInt(PER_EXECUTOR, 0) > 0;
        if (gpus) spark.setIfMissing(PER_EXECUTOR, "1");
        return new Devices(gpus, 0, config.trainers());
    }

    /** All roles in a process that sees so many GPUs. */
    static Devices inProcess(ClusterConfig config, int count) {
        if (count == 0 && config.device() == DeviceChoice.GPU)
            throw new BadInputException(
                    "cluster.device gpu: PyTorch sees no GPU on this machine, which has no NVIDIA driver"
                            + " either; allowed here auto and cpu");
        return new Devices(false, count, config.trainers());
    }

    /** True if Spark gives GPUs to tasks. */
    boolean fromSpark() {
        return fromSpark;
    }

    /** What a task of this role takes beside cores. */
    void request(String role, TaskResourceRequests requests) {
        if (fromSpark && computes(role)) requests.resource(GPU, 1);
    }

    /**
     * The device of a task, asked by the task itself.
     *
     * @param number of the task in its role
     */
    ComputeDevice of(String role, int number) {
        if (!computes(role)) return ComputeDevice.CPU;
        if (fromSpark)
            return given(role + "-" + number, TaskContext.get().resourcesJMap().get(GPU));
        if (ofThisProcess == 0) return ComputeDevice.CPU;
        int place = role.equals(TaskRegistry.TRAINER) ? number : trainers + number;
        return ComputeDevice.gpu(place % ofThisProcess);
    }

    /** Verifiers are all that does not. */
    private static boolean computes(String role) {
        return !role.equals(TaskRegistry.VERIFIER);
    }

    private static ComputeDevice given(String task, ResourceInformation gpu) {
        if (gpu == null || gpu.addresses().length != 1)
            throw new IllegalStateException(task + ": Spark gave it " + gpu + ", expected one GPU");
        String address = gpu.addresses()[0];
        if (!address.matches("\\d{1,6}"))
            throw new BadInputException(task + ": Spark gave it the GPU \"" + address
                    + "\", allowed are whole numbers: the discovery script must print indices (docs/cluster.md, GPUs)");
        return ComputeDevice.gpu(Integer.parseInt(address));
    }
}
