package io.tramontane.cluster.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path temp;

    @Test
    void stepsHaveSixDigitsSoThatNamesSortAsNumbers() {
        RunFolder folder = new RunFolder(Path.of("run"));
        assertEquals(Path.of("run/batches/step-000042.arrow"), folder.batch(42).local());
        assertEquals(
                Path.of("run/checkpoints/step-000040"), folder.checkpoint(40).local());
        assertEquals(
                Path.of("run/samples/step-000000.jsonl"), folder.sampleFile(0).local());
        assertThrows(IllegalArgumentException.class, () -> folder.batch(-1).local());
    }

    @Test
    void aFolderThatHoldsARunIsNotOverwritten() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("a/run"));
        assertTrue(Files.isDirectory(folder.logs().local()));
        Files.writeString(folder.configYaml().local(), "seed: 1\n");
        BadInputException refusal = assertThrows(
                BadInputException.class, () -> RunFolder.create(folder.root().local()));
        assertTrue(refusal.getMessage().contains("--resume"), refusal.getMessage());
        assertEquals(folder, RunFolder.existing(folder.root().local()));
    }

    @Test
    void aFolderWithoutAConfigHoldsNoRun() {
        assertThrows(BadInputException.class, () -> RunFolder.existing(temp));
    }

    @Test
    void aHalfWrittenCheckpointIsNotTheLatest() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        assertEquals(OptionalInt.empty(), folder.latestCheckpoint());
        for (String name : new String[] {"step-000020", "step-000040", "step-000060.part"})
            Files.createDirectories(folder.checkpoints().local().resolve(name));
        assertEquals(OptionalInt.of(40), folder.latestCheckpoint());
    }
}
