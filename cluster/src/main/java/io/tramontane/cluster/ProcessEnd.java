package io.tramontane.cluster;

import org.apache.spark.SparkUserAppException;

/**
 * Ends the program with its exit code. In YARN's cluster mode the program is a thread of YARN's application master, which takes
 * every call of {@link System#exit} for a failure, with 0 too: there the code is told in Spark's own way.
 */
public final class ProcessEnd {
    private ProcessEnd() {}

    /** Does not return, except after success in YARN's cluster mode. */
    public static void with(int exit) throws SparkUserAppException {
        if (!inApplicationMaster(System.getProperty("spark.master"), System.getProperty("spark.submit.deployMode")))
            System.exit(exit);
        if (exit != 0) throw new SparkUserAppException(exit, null);
    }

    /** By the settings that the application master gives to its program. */
    static boolean inApplicationMaster(String master, String deployMode) {
        return "yarn".equals(master) && "cluster".equals(deployMode);
    }
}
