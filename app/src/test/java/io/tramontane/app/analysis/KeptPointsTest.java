package io.tramontane.app.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluated points outlive a kill. */
class KeptPointsTest {
    private static final PlanePoint POINT = new PlanePoint(-1.5, 0.25, 0.8, 0.9, 71.5, 0.75, 0.125, 256);

    @TempDir
    Path folder;

    @Test
    void whatWasEvaluatedIsThereAgainAndATornLineIsNot() throws IOException {
        Path file = folder.resolve("a.partial");
        try (KeptPoints kept = KeptPoints.open(file, "run a")) {
            kept.add(3, POINT);
        }
        Files.writeString(file, "{\"number\":4,\"po", StandardOpenOption.APPEND);
        try (KeptPoints kept = KeptPoints.open(file, "run a")) {
            assertEquals(Map.of(3, POINT), kept.points());
            kept.add(4, POINT);
        }
        BadInputException e = assertThrows(BadInputException.class, () -> KeptPoints.open(file, "run b"));
        assertTrue(e.getMessage().contains("points of another analysis"), e.getMessage());
        KeptPoints kept = KeptPoints.open(file, "run a");
        assertEquals(Map.of(3, POINT, 4, POINT), kept.points());
        kept.delete();
        assertFalse(Files.exists(file));
    }
}
