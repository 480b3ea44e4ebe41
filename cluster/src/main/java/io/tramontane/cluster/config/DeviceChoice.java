package io.tramontane.cluster.config;

import java.util.Locale;

/** Where trainers and generators compute. */
public enum DeviceChoice {
    /** On GPUs where there are some for Spark to give, else on the CPU. */
    AUTO,
    /** On the CPU, whatever there is. */
    CPU,
    /** Each task on a GPU; too few of them are an error. */
    GPU;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
