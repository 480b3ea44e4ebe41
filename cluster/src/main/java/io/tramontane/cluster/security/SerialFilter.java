package io.tramontane.cluster.security;

import org.apache.spark.SparkConf;

/**
 * Which classes Java deserialisation makes in processes that we start: those that Spark's messages and our tasks consist of. Spark reads
 * only messages of peers that know the secret; this is the second door, for all that reads Java objects. The driver gets it from
 * {@code conf/java.opts}, executors by their options. Classes of rewards of one's own are loaded by name and never travel.
 */
public final class SerialFilter {
    /** As {@code jdk.serialFilter} takes it. The first match decides; arrays count as their elements, primitive ones pass. */
    public static final String PATTERN = String.join(
            ";",
            "maxdepth=200", // links between objects: Spark's own stay below fifty, 500 take nearly a stack of 1 MiB
            "maxrefs=1000000000",
            "maxarray=1000000000",
            "!java.rmi.**", // classes that open connections or call methods when they are read
            "!java.beans.**",
            "!java.net.URL",
            "!scala.sys.process.**",
            "java.**",
            "scala.**",
            "org.apache.spark.**",
            "org.roaringbitmap.**", // sizes of shuffle blocks
            "io.tramontane.**",
            "ai.djl.**",
            "!*");

    private static final String PROPERTY = "jdk.serialFilter";
    private static final String OPTIONS = "spark.executor.extraJavaOptions";

    private SerialFilter() {}

    /** Gives it to executors, unless their options have one. */
    public static void passTo(SparkConf spark) {
        String options = spark.get(OPTIONS, "");
        if (!options.contains(PROPERTY)) spark.set(OPTIONS, (options + " -D" + PROPERTY + "=" + PATTERN).strip());
    }
}
