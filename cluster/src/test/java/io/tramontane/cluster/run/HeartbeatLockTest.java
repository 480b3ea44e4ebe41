package io.tramontane.cluster.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock of an object store, over Hadoop's {@code file://}: no process holds it, only what it says counts. */
class HeartbeatLockTest {
    @TempDir
    Path folder;

    @Test
    void theLockOfADeadProcessOfThisMachineIsTakenOverAtOnce() throws Exception {
        RunFolder run = RunFolder.at("file://" + folder.resolve("run"));
        Path file = folder.resolve("run/lock");
        RunLock.take(run).close();
        assertFalse(Files.exists(file), "given back");
        List<String> told = new ArrayList<>();
        String before;
        try (RunLock lock = RunLock.take(run)) {
            before = Files.readString(file);
            assertTrue(before.contains("process " + ProcessHandle.current().pid()), lock + before);
        }
        ObjectNode dead = (ObjectNode) JsonReading.mapper().readTree(before);
        dead.put("process", ProcessHandle.current().pid() + " 1970-01-01T00:00:00Z"); // the number was given again
        Files.writeString(file, dead.toString());
        try (RunLock lock = RunLock.take(run, told::add)) {
            assertTrue(!Files.readString(file).contains(dead.path("owner").asText()), lock + "");
        }
        assertEquals(List.of(), told, "no wait");
    }
}
