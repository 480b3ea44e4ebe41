package io.tramontane.cluster;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a process may take.
 *
 * @param total memory of the machine, or of the container, in bytes
 * @param heap limit of the JVM for its Java heap, in bytes
 * @param direct limit of the JVM for memory outside its heap, where copies of weights lie, in bytes
 */
public record ProcessMemory(long total, long heap, long direct) {
    /** Of this process. */
    public static ProcessMemory here() {
        long total = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        long direct = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        long heap = Runtime.getRuntime().maxMemory();
        return new ProcessMemory(total, heap, direct > 0 ? direct : heap);
    }
}
