package io.tramontane.app.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.data.TemporaryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.LoggerFactory;

/**
 * Sends the logs of Spark and DJL to a file, so that the console has our own lines only. conf/log4j2.properties reads the two
 * properties when the first line is logged, and again when the file is changed.
 */
final class Logs {
    private Logs() {}

    /** For commands without a run folder; the file is made when something is logged. */
    static void toTemporaryFile() {
        set(temporaryFile());
    }

    /** Removes the file of {@link #toTemporaryFile} after a command without failure. */
    static void dropTemporaryFile() {
        try {
            Files.deleteIfExists(temporaryFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + temporaryFile(), e);
        }
    }

    /** The file in use. */
    static String file() {
        return System.getProperty("tramontane.log");
    }

    private static Path temporaryFile() {
        return TemporaryFolders.shared()
                .resolve("tramontane-" + ProcessHandle.current().pid() + ".log");
    }

    /** The run folder's own file, from now on. */
    static void to(Path file) {
        set(file);
        Configurator.reconfigure();
    }

    /** Copies the file in use, so far as it is written, to where the run lies; that this fails does not end the command. */
    static void copy(StoragePath to) {
        Path file = Path.of(file());
        try {
            if (Files.exists(file)) LocalCopy.copy(new LocalStorage(file), to);
        } catch (IOException | BadInputException e) {
            LoggerFactory.getLogger(Logs.class).warn("{} cannot be written", to.name(), e);
        }
    }

    private static void set(Path file) {
        try {
            if (file.getParent() != null) Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of " + file, e);
        }
        System.setProperty("tramontane.logTo", "file");
        System.setProperty("tramontane.log", file.toString());
    }
}
