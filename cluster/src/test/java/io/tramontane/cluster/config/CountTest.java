package io.tramontane.cluster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTest {
    private static ClusterConfig read(String... sets) {
        return ConfigReader.read(ClusterConfig.defaults(), Optional.empty(), List.of(sets));
    }

    @Test
    void aNumberAndARangeAreReadAndPrinted() {
        ClusterConfig config = read("generators=1..8", "verifiers=2");
        assertEquals(1, config.generators().least());
        assertEquals(8, config.generators().most());
        assertEquals(Count.of(2), config.verifiers());
        assertEquals(4, config.leastTasks());
        assertEquals(11, config.mostTasks());
        String yaml = ConfigReader.print(config);
        assertEquals(
                List.of("generators: 1..8", "verifiers: 2"),
                yaml.lines().limit(2).toList());
    }

    @ParameterizedTest
    @CsvSource({"0, allowed >= 1", "3..2, allowed >= 1", "a, must be a whole number", "1..2..3, must be a whole number"
    })
    void whatIsNoCountIsRefusedInOneLine(String text, String why) {
        BadInputException refused = assertThrows(BadInputException.class, () -> read("generators=" + text));
        assertEquals(1, refused.getMessage().lines().count());
        assertEquals(true, refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void withoutLagTheNumberOfGeneratorsIsFixed() {
        BadInputException refused = assertThrows(BadInputException.class, () -> read("generators=1..2", "maxLag=0"));
        assertEquals(
                "--set maxLag=0: cluster.generators 1..2, must be one number with cluster.maxLag 0: there it decides"
                        + " which groups are sampled together",
                refused.getMessage());
        assertEquals(4, read("verifiers=1..4", "maxLag=0").verifiers().most());
    }
}
