package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master$;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A standalone cluster with and without a secret, as a run sees it before it starts. */
class SecureMasterTest {
    private static final PolicyConfig POLICY = new PolicyConfig(1, 8, 2, 1, 4, 16, 64, 32, 10_000, 1e-5, true, 0);
    private static final List<String> SETTINGS =
            List.of("spark.authenticate", "spark.authenticate.secret", "spark.network.crypto.enabled");
    private static final Master.Need TASK = new Master.Need(1, 1, "a task");

    private static void assertComplains(String url, String part) {
        String complaint = assertThrows(
                        BadInputException.class, () -> Master.of(url).check(TASK))
                .getMessage();
        assertTrue(complaint.contains(part), complaint);
    }

    @Test
    void anOpenClusterIsRefusedBeforeAnythingIsSentToIt() {
        Config strict =
                ConfigReader.read(Config.defaults(), Optional.empty(), List.of("cluster.requireAuthentication=true"));
        assertEquals(
                "cluster.requireAuthentication: master spark://127.0.0.1:1 has no spark.authenticate, allowed is true"
                        + " (docs/security.md says how)",
                assertThrows(BadInputException.class, () -> TrainRun.checkMaster(strict, "spark://127.0.0.1:1", POLICY))
                        .getMessage());
        TrainRun.checkMaster(strict, "local[4]", POLICY); // what we start is closed
        TrainRun.checkMaster(strict, "local-cluster[3,1,1024]", POLICY);
    }

    @Test
    void onlyAClusterOfOthersIsWarnedOf() {
        assertEquals(Optional.empty(), Master.of("local[*]").securityWarning());
        assertEquals(Optional.empty(), Master.of("local-cluster[1,1,1024]").securityWarning());
        assertTrue(
                Master.of("spark://h:7077").securityWarning().orElseThrow().contains("spark.authenticate is not set"));
    }

    @Test
    @Timeout(60)
    void aMasterWithASecretAnswersWhoHasIt() {
        SparkConf closed = new SparkConf(false)
                .set("spark.master.rest.enabled", "false")
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", "one")
                .set("spark.network.crypto.enabled", "true");
        RpcEnv master = Master$.MODULE$
                .startRpcEnvAndEndpoint("127.0.0.1", 0, 0, closed)
                ._1();
        String url = "spark://127.0.0.1:" + master.address().port();
        try {
            assertComplains(url, "one with spark.authenticate needs its secret");
            System.setProperty("spark.authenticate", "true");
            System.setProperty("spark.network.crypto.enabled", "true");
            assertComplains(url, "master " + url + ": spark.authenticate without");
            System.setProperty("spark.authenticate.secret", "another");
            assertComplains(url, "one with spark.authenticate needs its secret");
            System.setProperty("spark.authenticate.secret", "one");
            assertComplains(url, "room for 0 tasks of one core"); // it has no workers
        } finally {
            for (String name : SETTINGS) System.clearProperty(name);
            master.shutdown();
            master.awaitTermination();
        }
    }
}
