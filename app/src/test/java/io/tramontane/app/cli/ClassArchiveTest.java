package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive of classes that bin/setup.sh makes, in a folder of the test's own and after a shorter rehearsal. It takes some seconds:
 * the JVM writes the classes of a real start.
 */
@Tag("cluster")
class ClassArchiveTest {
    private static final Path SETUP =
            Path.of(System.getProperty("tramontane.root"), "bin", "setup.sh").toAbsolutePath();
    private static final String JAVA = "\"$JAVA\" \"@$DIST/conf/java.opts\" -XX:+UseSerialGC"
            + " -XX:SharedArchiveFile=\"$CLASS_ARCHIVE\" '-Xlog:cds*=off' %s"
            + " -cp \"$LIBRARIES:$DIST/jars/*:$DIST/conf\" io.tramontane.app.cli.Tramontane --version";

    @TempDir
    Path folder;

    @Test
    void classesComeFromTheArchiveAndADamagedOneIsLikeNone() throws Exception {
        String made = bash("use_class_archive; test -f \"$CLASS_ARCHIVE\"\n"
                + JAVA.formatted("-Xshare:on -Xlog:class+load:file=" + folder.resolve("load.log")));
        assertTrue(made.endsWith("tramontane " + Build.VERSION + "\n"), made);
        assertTrue(
                Files.readAllLines(folder.resolve("load.log")).stream()
                        .anyMatch(line ->
                                line.contains(" picocli.CommandLine") && line.endsWith("source: shared objects file")),
                "nothing of picocli is shared");
        Path archive;
        try (var files = Files.list(folder.resolve("archive"))) {
            archive = files.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] whole = Files.readAllBytes(archive);
        Files.delete(archive);
        for (byte[] damaged : new byte[][] {{}, new byte[whole.length], Arrays.copyOf(whole, whole.length / 2)}) {
            Files.write(archive, damaged);
            assertEquals("tramontane " + Build.VERSION + "\n", bash("use_class_archive\n" + JAVA.formatted("")));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoError() throws Exception {
        assertEquals("none\n", bash("ARCHIVES=/proc/archive; use_class_archive; echo \"${CLASS_ARCHIVE:-none}\""));
    }

    private String bash(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -euo pipefail; source " + SETUP + "; ARCHIVES=" + folder.resolve("archive")
                                + " REHEARSAL=--version; find_java; " + script)
                .redirectErrorStream(true);
        builder.environment().remove("TRAMONTANE_SKIP_BUILD");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(process.waitFor(5, TimeUnit.MINUTES), said);
        assertEquals(0, process.exitValue(), said);
        return said;
    }
}
