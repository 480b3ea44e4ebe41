package io.tramontane.cluster.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                System.out.println("taken " + lock);
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
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        run.root().local().toString())
                .redirectError(folder.resolve("err").toFile())
                .start();
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
