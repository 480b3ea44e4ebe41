package io.tramontane.cluster.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir
    Path folder;

    /** Takes the lock of the folder that it is given and lives until it is killed. */
    static final class Holder {
        public static void main(String[] args) throws Exception {
            try (RunLock lock = RunLock.take(new RunFolder(Path.of(args[0])))) {
                lock.onLoss(System.out::println);
                try (RunLock again = RunLock.take(new RunFolder(Path.of(args[0], "..", "run")))) {
                    System.out.println("taken twice by one process " + again);
                } catch (BadInputException refused) { // and the first one is still there
                    System.out.println("taken " + lock);
                }
                System.in.read(); // ends with the test, too
            }
        }
    }

    private String complaint(RunFolder run) {
        return assertThrows(BadInputException.class, () -> RunLock.take(run)).getMessage();
    }

    @Test
    void theSecondIsToldWhoHasTheFolderAndAKillFreesIt() throws Exception {
        RunFolder run = new RunFolder(folder.resolve("run"));
        Process holder = start(run);
        try {
            assertTrue(holder.inputReader().readLine().startsWith("taken"), Files.readString(folder.resolve("err")));
            String complaint = complaint(run);
            assertTrue(
                    complaint.matches("run folder \\S+ is in use by process " + holder.pid()
                            + " on \\S+ since \\S+Z: end that run first"),
                    complaint);
        } finally {
            holder.destroyForcibly();
        }
        assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
        RunLock.take(run).close();
    }

    private Process start(RunFolder run) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        run.root().local().toString())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    @Test
    void ofThreeThatStartAtOnceOneHasIt() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("run"));
        for (int round = 0; round < 4; round++) {
            RunFolder run = new RunFolder(folder.resolve("run"));
            List<Process> all = List.of(start(run), start(run), start(new RunFolder(link)));
            try {
                int taken = 0;
                for (Process each : all) {
                    String line = each.inputReader().readLine(); // null where it was refused
                    if (line != null && !line.contains("twice")) taken++;
                }
                assertEquals(1, taken, Files.readString(folder.resolve("err")));
            } finally {
                for (Process each : all) each.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aHolderWhoseFileIsDeletedHearsOfIt() throws Exception {
        RunFolder run = new RunFolder(folder.resolve("run"));
        Process holder = start(run);
        try {
            assertTrue(holder.inputReader().readLine().startsWith("taken"), Files.readString(folder.resolve("err")));
            Files.delete(run.lock().local());
            assertTrue(holder.inputReader().readLine().contains("lock was deleted, so that another process"));
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void aLibraryThatTrainsTwiceInOneProcessIsToldSoAndTheFirstKeepsItsLock() {
        RunFolder run = new RunFolder(folder.resolve("run"));
        try (RunLock lock = RunLock.take(run)) {
            RunLock.heldOrTaken(run, line -> {}).close(); // gives nothing back
            assertTrue(complaint(run).contains("is in use by process"), lock + "");
        }
        RunLock.heldOrTaken(run, line -> {}).close();
        RunLock.take(run).close();
    }

    @Test
    void oneProcessHasItOnlyOnceToo() {
        RunFolder run = new RunFolder(folder);
        try (RunLock lock = RunLock.take(run)) {
            String complaint = complaint(run);
            assertTrue(
                    complaint.contains(
                            "is in use by process " + ProcessHandle.current().pid()),
                    lock + complaint);
        }
        RunLock.take(run).close();
    }

    @Test
    void aFolderThatCannotBeLocked() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(
                "run folder " + file + " cannot be locked: java.nio.file.FileAlreadyExistsException: " + file,
                complaint(new RunFolder(file)));
    }
}
