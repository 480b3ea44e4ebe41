package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose storage is full in the middle of a line takes the line back and goes on when there is room. */
class FullDiskTest {
    private static final String LINE = "x".repeat(9_999) + "\n";

    @TempDir
    Path folder;

    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        AppendLog.read(new LocalStorage(file), line -> lines.add(new String(line.bytes(), StandardCharsets.UTF_8)));
        return lines;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
        return process.exitValue();
    }

    /** Six whole lines and a part of the seventh fit into 64 KiB. */
    @Test
    void onAFileSystemThatIsFull() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = Files.exists(Path.of("/bin/mount"))
                && run("/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0;
        assumeTrue(mounted, "this user may not mount a file system");
        try {
            Path file = disk.resolve("log.jsonl");
            Path ballast = Files.write(disk.resolve("ballast"), new byte[8_192]);
            try (AppendLog log = AppendLog.open(new LocalStorage(file))) {
                int written = 0;
                for (; written < 5; written++) log.append(LINE);
                assertThrows(IOException.class, () -> log.append(LINE + LINE));
                assertEquals(written * 10_000L, Files.size(file));
                Files.delete(ballast);
                log.appendCommitted("after\n");
                assertEquals(6, lines(file).size());
                assertEquals("after", lines(file).get(5));
            }
        } finally {
            run("/bin/umount", disk.toString());
        }
    }

    /** A process whose files may have 16 KiB: one line and a part of the second. */
    @Test
    void inAProcessWhoseFilesMayNotGrow() throws IOException, InterruptedException {
        Path file = folder.resolve("log.jsonl");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String limited = "ulimit -S -f 16; exec \"$0\" -XX:-UsePerfData -cp \"$1\" \"$2\" \"$3\"";
        String path = System.getProperty("java.class.path");
        int rc = run("bash", "-c", limited, java, path, Limited.class.getName(), file.toString());
        assertEquals(0, rc, "see Limited");
        assertEquals(List.of(LINE.strip(), "after"), lines(file));
    }

    /** What the limited process does. */
    static final class Limited {
        private Limited() {}

        /** Ends with 0 when the second line failed and the third, a short one, was written. */
        public static void main(String[] file) throws IOException {
            try (AppendLog log = AppendLog.open(new LocalStorage(Path.of(file[0])))) {
                log.append(LINE);
                assertThrows(IOException.class, () -> log.append(LINE));
                log.appendCommitted("after\n");
                assertTrue(Files.size(Path.of(file[0])) < 16_384);
            }
        }
    }

    @Test
    void aLogThatCannotTakeBackTakesNothingMore() throws IOException {
        Path file = folder.resolve("log.jsonl");
        RandomAccessFile gone = new RandomAccessFile(file.toFile(), "rw");
        LocalLog log = new LocalLog(file, gone);
        log.append("a\n");
        gone.close(); // it can neither be written nor cut off
        assertThrows(ClosedChannelException.class, () -> log.append("b\n"));
        String said = assertThrows(IOException.class, () -> log.append("c\n")).getMessage();
        assertTrue(said.startsWith(file + ": takes nothing more after a failure"), said);
        assertEquals(List.of("a"), lines(file));
    }
}
