package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes checkpoints that {@code trainer.keepCheckpoints} does not keep. A folder loses its name before it loses a file, so
 * that one with the plain name is whole whenever the process is killed; what a killed process has left is deleted the next
 * time. The newest checkpoint, with which a run goes on, is always kept, and so is the best if that is asked for.
 */
final class OldCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(OldCheckpoints.class);
    private static final Pattern WHOLE = Pattern.compile("step-\\d{6,9}");
    private static final Pattern LEFT_OVER = Pattern.compile("step-\\d{6,9}\\.deleting");
    private static final String DELETING = ".deleting";

    private OldCheckpoints() {}

    /** Leaves what the config keeps. That a folder cannot be deleted does not end a run. */
    static void delete(RunFolder folder, Config config) {
        int keep = config.trainer().keepCheckpoints();
        if (keep == 0) return;
        BestCheckpoint best = BestCheckpoint.of(folder);
        IntPredicate needed = step -> config.trainer().keepBestCheckpoint()
                && best.needs(step, config.evaluation().interval());
        delete(folder, keep, needed);
    }

    /** Leaves the {@code keep} newest and those that are needed. */
    static void delete(RunFolder folder, int keep, IntPredicate needed) {
        try {
            for (Path rest : named(folder, LEFT_OVER)) deleteTree(rest);
            List<Path> whole = named(folder, WHOLE);
            for (Path old : whole.subList(0, Math.max(0, whole.size() - keep))) {
                if (needed.test(step(old))) continue;
                deleteTree(Files.move(
                        old, old.resolveSibling(old.getFileName() + DELETING), StandardCopyOption.ATOMIC_MOVE));
            }
        } catch (IOException e) {
            LOG.warn("an old checkpoint cannot be deleted (trainer.keepCheckpoints {})", keep, e);
        }
    }

    /** Oldest first. */
    private static List<Path> named(RunFolder folder, Pattern name) throws IOException {
        try (Stream<Path> entries = Files.list(folder.checkpoints())) {
            return entries.filter(
                            path -> name.matcher(path.getFileName().toString()).matches())
                    .sorted(Comparator.comparingInt(OldCheckpoints::step))
                    .toList();
        }
    }

    private static int step(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().replaceAll("\\D", ""));
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
