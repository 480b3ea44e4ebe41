package io.tramontane.cluster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClocksTest {
    private static ClusterConfig config(double lease, double stall) {
        return new ClusterConfig(1, 1, 1, 1, 3, lease, stall, 1e-3);
    }

    @Test
    void theDefaultsAreOrderedAsTheyAre() {
        Clocks clocks = Clocks.of(ClusterConfig.defaults());
        assertEquals(
                List.of(30L, 120L, 60L, 300L),
                List.of(
                        clocks.verify().toSeconds(),
                        clocks.lease().toSeconds(),
                        clocks.rank().toSeconds(),
                        clocks.stall().toSeconds()));
        assertEquals(List.of(), Clocks.lowered(ClusterConfig.defaults()));
    }

    @Test
    void aLeaseOfAnOldRunThatIsLongerThanItsStallIsLoweredInOneLine() {
        assertEquals(Duration.ofSeconds(225), Clocks.of(config(600, 300)).lease());
        assertEquals(Duration.ofSeconds(30), Clocks.of(config(600, 300)).verify());
        assertEquals(
                List.of("cluster.leaseSeconds 600 is not below cluster.stallSeconds 300: 225 s are used"),
                Clocks.lowered(config(600, 300)));
    }

    @Test
    void allOfThemGiveWayToAShortStall() {
        Clocks clocks = Clocks.of(config(120, 20));
        assertEquals(Duration.ofSeconds(15), clocks.verify());
        assertEquals(Duration.ofSeconds(15), clocks.lease());
        assertEquals(Duration.ofSeconds(15), clocks.rank());
        assertEquals(
                List.of(
                        "cluster.leaseSeconds 120 is not below cluster.stallSeconds 20: 15 s are used",
                        "cluster.rankSeconds 60 is not below cluster.stallSeconds 20: 15 s are used"),
                Clocks.lowered(config(120, 20)));
        assertEquals(Duration.ofSeconds(1), Clocks.of(config(120, 0.001)).lease());
    }
}
