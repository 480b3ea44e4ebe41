package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tramontane.cluster.config.Config;
import java.util.List;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class ClassArchiveOptionTest {
    private static final String PROPERTY = "tramontane.archive";

    @Test
    void executorsOfALocalClusterShareTheLaunchersArchive() {
        assertFalse(options("").toString().contains("SharedArchiveFile"));
        List<String> options = options("/a folder/classes.jsa");
        int at = options.indexOf("-XX:SharedArchiveFile=/a folder/classes.jsa");
        assertEquals("-Xlog:cds*=off", options.get(at + 1));
    }

    /** As Spark's worker cuts them. */
    private static List<String> options(String archive) {
        System.setProperty(PROPERTY, archive);
        try {
            String line = new Cluster(Config.defaults(), "local-cluster[3,1,1024]")
                    .setting("spark.executor.extraJavaOptions");
            return CollectionConverters.asJava(Utils.splitCommandString(line));
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
