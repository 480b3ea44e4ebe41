package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.report.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Path moments =
                Files.createDirectories(folder.checkpoints().resolve(name).resolve("optimizer"));
        Files.writeString(moments.resolve("first.safetensors"), "");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> entries = Files.list(folder.checkpoints())) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestAreKept() throws IOException {
        OldCheckpoints.delete(folder, 2);
        assertEquals(List.of("step-1000000", "step-999999"), left()); // by number, not by name
        OldCheckpoints.delete(folder, 1);
        assertEquals(List.of("step-1000000"), left());
        assertEquals(OptionalInt.of(1000000), folder.latestCheckpoint());
    }

    @Test
    void noughtKeepsAllAndMoreThanThereAreToo() throws IOException {
        List<String> all = left();
        OldCheckpoints.delete(folder, 0);
        OldCheckpoints.delete(folder, 4);
        OldCheckpoints.delete(folder, 100);
        assertEquals(all, left());
    }

    @Test
    void whatAKilledProcessLeftIsNoCheckpointAndIsDeletedTheNextTime() throws IOException {
        make("step-2000000.deleting");
        make("step-2000001.writing"); // a save that was cut off is the trainer's own affair
        assertEquals(OptionalInt.of(1000000), folder.latestCheckpoint());
        OldCheckpoints.delete(folder, 3);
        assertEquals(List.of("step-000100", "step-1000000", "step-2000001.writing", "step-999999"), left());
    }
}
