package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldCheckpointsTest {
    @TempDir
    private Path root;

    private RunFolder folder;

    @BeforeEach
    void fourCheckpoints() throws IOException {
        folder = new RunFolder(root);
        for (String name : List.of("step-000050", "step-000100", "step-999999", "step-1000000")) make(name);
    }

    private void make(String name) throws IOException {
        Path moments = Files.createDirectories(
                folder.checkpoints().local().resolve(name).resolve("optimizer"));
        Files.writeString(moments.resolve("first.safetensors"), "");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> entries = Files.list(folder.checkpoints().local())) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestAreKept() throws IOException {
        OldCheckpoints.delete(folder, config(2));
        assertEquals(List.of("step-1000000", "step-999999"), left()); // by number, not by name
        OldCheckpoints.delete(folder, config(1));
        assertEquals(List.of("step-1000000"), left());
        assertEquals(OptionalInt.of(1000000), folder.latestCheckpoint());
    }

    @Test
    void noughtKeepsAllAndMoreThanThereAreToo() throws IOException {
        List<String> all = left();
        OldCheckpoints.delete(folder, config(0));
        OldCheckpoints.delete(folder, config(4));
        OldCheckpoints.delete(folder, config(100));
        assertEquals(all, left());
    }

    @Test
    void whatAKilledProcessLeftIsNoCheckpointAndIsDeletedTheNextTime() throws IOException {
        make("step-2000000.deleting");
        make("step-2000001.writing"); // a save that was cut off is the trainer's own affair
        assertEquals(OptionalInt.of(1000000), folder.latestCheckpoint());
        OldCheckpoints.delete(folder, config(3));
        assertEquals(List.of("step-000100", "step-1000000", "step-2000001.writing", "step-999999"), left());
    }

    private static Config config(int keep, String... sets) {
        List<String> all = new ArrayList<>(List.of("trainer.keepCheckpoints=" + keep));
        all.addAll(List.of(sets));
        return ConfigReader.read(Config.defaults(), Optional.empty(), all);
    }

    @Test
    void theBestIsKeptAndWhatMayTurnOutToBeIt() throws IOException {
        Config best = config(1, "trainer.keepBestCheckpoint=true"); // evaluates and saves every 50 steps
        BestCheckpoint.update(folder, 0, 0.9); // the model that training starts from
        OldCheckpoints.delete(folder, best); // no result yet: 50 and 100 are evaluated steps
        assertEquals(List.of("step-000050", "step-000100", "step-1000000"), left());
        BestCheckpoint.update(folder, 50, 0.8);
        BestCheckpoint.update(folder, 100, 0.8);
        assertEquals(new BestCheckpoint(50, 0.8, 100), BestCheckpoint.of(folder));
        OldCheckpoints.delete(folder, best);
        assertEquals(List.of("best.json", "step-000050", "step-1000000"), left());
        BestCheckpoint.update(folder, 1000000, 0.81);
        OldCheckpoints.delete(folder, best);
        assertEquals(List.of("best.json", "step-1000000"), left());
    }

    @Test
    void aDamagedCheckpointIsNoneItIsKeptAndTakesNoPlaceOfASoundOne() throws IOException {
        assertEquals("step-1000000.damaged", folder.setAside(1000000));
        make("step-1000000"); // saved again by the steps that were made again
        assertEquals("step-1000000.damaged", folder.setAside(1000000));
        assertEquals(OptionalInt.of(999999), folder.latestCheckpoint());
        OldCheckpoints.delete(folder, config(2));
        assertEquals(List.of("step-000100", "step-1000000.damaged", "step-999999"), left());
        OldCheckpoints.delete(folder, config(1));
        assertEquals(List.of("step-1000000.damaged", "step-999999"), left());
    }

    @Test
    void aBestJsonThatCannotBeReadKeepsWhatWasEvaluatedAndStopsNothing() throws IOException {
        Config best = config(1, "trainer.keepBestCheckpoint=true");
        Files.writeString(folder.checkpoints().local().resolve("best.json"), "{\"step\":");
        OldCheckpoints.delete(folder, best);
        assertEquals(List.of("best.json", "step-000050", "step-000100", "step-1000000"), left());
    }
}
