package io.tramontane.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether this machine has an NVIDIA driver, and with it probably a GPU. */
final class NvidiaDriver {
    /** Set by bin/tramontane, which also knows of nvidia-smi and libcuda. */
    private static final String PROPERTY = "tramontane.driver";

    private static final Path KERNEL = Path.of("/proc/driver/nvidia");

    private NvidiaDriver() {}

    /** What gave it away. */
    static Optional<String> sign() {
        String told = System.getProperty(PROPERTY);
        if (told != null) return Optional.of(told);
        return Files.exists(KERNEL) ? Optional.of(KERNEL.toString()) : Optional.empty();
    }
}
