package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessEndTest {
    @ParameterizedTest
    @CsvSource({
        "yarn, cluster, true",
        "yarn, client, false",
        "k8s://https://h, client, false",
        "spark://h:1, cluster, false",
        ", , false"
    })
    void onlyYarnsApplicationMasterRunsTheProgramItself(String master, String deployMode, boolean inside) {
        assertEquals(inside, ProcessEnd.inApplicationMaster(master, deployMode));
    }
}
