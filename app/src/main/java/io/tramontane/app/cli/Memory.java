package io.tramontane.app.cli;

import io.tramontane.cluster.ProcessMemory;
import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.RolloutConfig;
import java.util.Locale;

/**
 * Memory of a machine, or of the container that we are in.
 *
 * @param total all of it, in bytes
 * @param direct limit of the JVM for memory outside its heap, where weights that were read lie, in bytes
 */
record Memory(long total, long direct) {
    private static final double MEGABYTE = 1e6;

    /** What is here. */
    static Memory ofThisMachine() {
        ProcessMemory here = ProcessMemory.here();
        return new Memory(here.total(), here.direct());
    }

    /** Bytes of weights: those that were read, and those of every generator. */
    static long held(PolicyConfig shape, RolloutConfig config, int generators) {
        return read(shape) + generators * Generator.weightBytes(shape, config);
    }

    private static long read(PolicyConfig shape) {
        return shape.parameters() * Float.BYTES;
    }

    /** Refuses a model that cannot be read, or that does not fit together with the weights of one generator. */
    void check(PolicyConfig shape, RolloutConfig config) {
        check(shape, held(shape, config, 1));
    }

    /** Refuses a model that cannot be read, or that does not fit together with its loaded weights. */
    void check(PolicyConfig shape) {
        check(shape, 2 * read(shape));
    }

    private void check(PolicyConfig shape, long held) {
        String model = String.format(Locale.ROOT, "model of %,d parameters: ", shape.parameters());
        if (read(shape) > direct)
            throw new BadInputException(model + "weights of " + megabytes(read(shape)) + " as read, allowed "
                    + megabytes(direct)
                    + " (direct memory of the JVM, see -XX:MaxDirectMemorySize in TRAMONTANE_JAVA_OPTS)");
        if (held > total)
            throw new BadInputException(model + megabytes(held) + " for the weights as read and as loaded, allowed "
                    + megabytes(total) + " (this machine's memory)");
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / MEGABYTE);
    }
}
