package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ElasticTest {
    private static Elastic elastic(String... sets) {
        ClusterConfig config = ConfigReader.read(ClusterConfig.defaults(), Optional.empty(), List.of(sets));
        return new Elastic(config);
    }

    /** Who joins until nobody does. */
    private static List<String> filled(Elastic elastic, int slots) {
        List<String> joined = new ArrayList<>();
        for (Optional<String> role = elastic.join(slots); role.isPresent(); role = elastic.join(slots)) {
            joined.add(role.get());
            elastic.joined(role.get());
        }
        return joined;
    }

    @Test
    void nobodyJoinsAFixedNumber() {
        assertEquals(List.of(), filled(elastic(), 100));
    }

    @Test
    void theRoleThatLacksTheLargerShareJoinsFirstAndNeededTasksKeepTheirRoom() {
        Elastic elastic = elastic("generators=1..8", "verifiers=1..4", "trainers=2");
        assertEquals(List.of(), filled(elastic, 4)); // two trainers, one each of the others
        assertEquals(
                List.of("generator", "generator", "verifier"), filled(elastic, 7)); // shares 1/8 2/8 3/8 against 1/4
        assertEquals(
                List.of("generator", "generator", "verifier", "generator", "generator", "verifier", "generator"),
                filled(elastic, 100));
    }

    @Test
    void whenRoomIsLostThoseLeaveThatAreNotNeeded() {
        Elastic elastic = elastic("generators=1..3", "verifiers=1..2");
        filled(elastic, 6);
        assertEquals(Optional.empty(), elastic.leave(6));
        assertEquals(Optional.of("verifier"), elastic.leave(5));
        elastic.left("verifier");
        assertEquals(Optional.empty(), elastic.leave(5));
        assertEquals(Optional.empty(), elastic.join(5));
        assertEquals(Optional.of("generator"), elastic.leave(4));
        elastic.left("generator");
        elastic.left("generator");
        assertEquals(Optional.empty(), elastic.leave(1)); // the needed ones wait for room
    }
}
