package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Sets for two generators. */
class WavesTest {
    private final Waves waves = new Waves(2, List.of());

    @Test
    void newGroupsAreCutIntoOneSetForEachGenerator() {
        assertEquals(List.of(List.of(4L, 5L, 6L), List.of(7L, 8L)), waves.cut(4, 5));
        assertEquals(List.of(List.of(4L)), waves.cut(4, 1));
    }

    @Test
    void setsWithoutAnyGroupLeftAreForgottenAndOthersStayWhole() {
        waves.cut(0, 6).forEach(waves::add); // 0 1 2 and 3 4 5
        waves.keep(group -> group == 4);
        assertEquals(List.of(List.of(3L, 4L, 5L)), waves.all());
        assertTrue(waves.contains(3));
        assertFalse(waves.contains(1));
    }
}
