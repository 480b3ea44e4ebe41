package io.tramontane.cluster.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{'owner':'../../x','holder':'h','machine':'m','process':'7 x'}",
                "{'owner':'a1','holder':'h','machine':null,'process':'7 x'}",
                "{'owner':'a1','holder':'h','machine':'m','process':'seven'}"
            })
    void aLockThatSaysNothingOfAProcessIsRefusedInOneLine(String note) throws Exception {
        RunFolder run = RunFolder.at("file://" + folder.resolve("run"));
        RunLock.take(run).close();
        Files.writeString(folder.resolve("run/lock"), note.replace('\'', '"'));
        String message =
                assertThrows(BadInputException.class, () -> RunLock.take(run)).getMessage();
        assertTrue(message.contains("is no lock of an object store"), message);
    }

    /** The lock that a process of this machine has left which is dead. */
    private static byte[] left() throws Exception {
        HeartbeatLock.Note mine = HeartbeatLock.Note.mine();
        String dead = ProcessHandle.current().pid() + " 1970-01-01T00:00:00Z";
        return JsonReading.mapper()
                .writeValueAsBytes(new HeartbeatLock.Note(mine.owner(), mine.holder(), mine.machine(), dead, 3));
    }

    @Test
    void ofManyThatTakeOverADeadLockAtOnceOneHasIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 300; round++) {
                RunFolder run = new RunFolder(new MemoryStorage("s3a://b/" + round, new ConcurrentHashMap<>()));
                run.lock().replace(left());
                if (round % 3 == 0) { // one had begun to take over, and died
                    String owner = JsonReading.mapper()
                            .readTree(run.lock().bytes())
                            .path("owner")
                            .asText();
                    run.root().child("lock.after-" + owner).replace(left());
                }
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Optional<RunLock>>> takers = new ArrayList<>();
                for (int i = 0; i < 4; i++)
                    takers.add(threads.submit(() -> {
                        start.await();
                        return tried(run);
                    }));
                start.countDown();
                List<RunLock> taken = new ArrayList<>();
                for (Future<Optional<RunLock>> each : takers) each.get().ifPresent(taken::add);
                assertEquals(1, taken.size(), "round " + round);
                taken.get(0).close();
                assertFalse(run.lock().exists());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Optional<RunLock> tried(RunFolder run) {
        try {
            return Optional.of(HeartbeatLock.take(run, line -> {
                throw new BadInputException(line); // one that lives: no need to look for half a minute
            }));
        } catch (BadInputException refused) {
            return Optional.empty();
        }
    }
}
