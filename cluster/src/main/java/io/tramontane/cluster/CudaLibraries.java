package io.tramontane.cluster;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * Executors load the CUDA build of PyTorch from where the launcher found it for the driver. Settings of the user's own come first: on a
 * cluster whose machines have it elsewhere, and where the driver's machine has no GPU and therefore none.
 */
final class CudaLibraries {
    /** PyTorch's folder, which build of DJL's library fits it, and that GPUs are counted as nvidia-smi does. */
    private static final List<String> VARIABLES =
            List.of("PYTORCH_LIBRARY_PATH", "PYTORCH_FLAVOR", "CUDA_DEVICE_ORDER");

    /** Where DJL finds CUDA's runtime, with which it counts GPUs. */
    private static final String JNA = "jna.library.path";

    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

    private CudaLibraries() {}

    /** Adds what this process has to the settings of executors. */
    static void passTo(SparkConf spark, Map<String, String> environment, String jnaPath) {
        for (String variable : VARIABLES)
            if (environment.containsKey(variable))
                spark.setIfMissing("spark.executorEnv." + variable, environment.get(variable));
        spark.setIfMissing("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        String options = spark.get(JAVA_OPTIONS, "");
        if (jnaPath != null && !options.contains(JNA))
            spark.set(JAVA_OPTIONS, (options + " -D" + JNA + "=" + jnaPath).strip());
    }
}
