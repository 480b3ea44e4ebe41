package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that lack what ours always have: named by audit and check, on which no other exception must be seen. */
class HostileEventsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event':'opened','at':1,'version':0}",
                "{'event':'opened','at':1,'version':0,'unfinished':[null]}",
                "{'event':'stopped','at':1}",
                "{'event':'batch','at':1,'step':1,'groups':[null],'digest':'a'}",
                "{'event':'batch','at':1,'step':1,'groups':[]}",
                "{'event':'dropped','at':1,'group':0}",
                "{'event':'step','at':1,'step':1}",
                "{'event':'waves','at':1,'waves':[[null]]}",
                "null"
            })
    void anEventThatLacksAPartIsNamed(String line) throws IOException {
        LocalStorage file =
                new LocalStorage(Files.writeString(folder.resolve("events.jsonl"), line.replace('\'', '"') + "\n"));
        String told =
                assertThrows(BadInputException.class, () -> Audit.of(file)).getMessage();
        assertTrue(told.contains("events.jsonl:1: not a ledger event: "), told);
        assertEquals(told, LedgerCheck.of(file).problem().orElseThrow());
    }
}
