package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFoldersTest {
    @TempDir
    Path folder;

    /** Makes a folder with a file and waits to be killed. */
    static final class Copying {
        public static void main(String[] args) throws Exception {
            LocalStorage made = TemporaryFolders.create(Path.of(args[0]), "copy");
            Files.writeString(made.path().resolve("half"), "of a file");
            System.out.println(made.path());
            System.in.read();
        }
    }

    @Test
    void aLivingProcessKeepsItsFolderAndThatOfAKilledOneIsDeleted() throws Exception {
        Process copying = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Copying.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try {
            Path made = Path.of(copying.inputReader().readLine());
            Path other = Files.createDirectory(folder.resolve("tramontane-copy-1-1-of-another-container"));
            TemporaryFolders.removeLeft(folder);
            assertTrue(Files.exists(made.resolve("half")), "its process lives");
            copying.destroyForcibly();
            assertTrue(copying.waitFor(30, TimeUnit.SECONDS));
            TemporaryFolders.removeLeft(folder);
            assertFalse(Files.exists(made));
            assertTrue(Files.exists(other));
        } finally {
            copying.destroyForcibly();
        }
    }

    /** Prints the temporary folder that a library sees, and where its log would go. */
    static final class Owner {
        public static void main(String[] args) throws Exception {
            System.out.println(Files.createTempFile("library", ".so").getParent());
            System.out.println(TemporaryFolders.shared());
            TemporaryFolders.removeOwn();
        }
    }

    @Test
    void aProcessTakesItsOwnFolderWithIt() throws Exception {
        Process owner = start("$$"); // as bin/tramontane does it: exec keeps the number
        try {
            Path own = folder.resolve("tramontane-tmp-1-" + owner.pid() + "-x");
            assertEquals(own.toString(), owner.inputReader().readLine());
            assertEquals(folder.toString(), owner.inputReader().readLine());
            assertTrue(owner.waitFor(30, TimeUnit.SECONDS));
            assertFalse(Files.exists(own));
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void aChildLeavesTheFolderOfItsParent() throws Exception {
        Process child = start("1");
        try {
            Path parents = folder.resolve("tramontane-tmp-1-1-x");
            assertEquals(parents.toString(), child.inputReader().readLine());
            assertEquals(folder.toString(), child.inputReader().readLine());
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
            assertTrue(Files.exists(parents));
        } finally {
            child.destroyForcibly();
        }
    }

    private Process start(String number) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "own=" + folder + "/tramontane-tmp-1-" + number + "-x; mkdir $own; exec " + java
                + " -Djava.io.tmpdir=$own -cp \"$CP\" '" + Owner.class.getName() + "'";
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
        builder.environment().put("CP", System.getProperty("java.class.path"));
        return builder.start();
    }
}
