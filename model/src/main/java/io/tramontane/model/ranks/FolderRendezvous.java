package io.tramontane.model.ranks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranks that nobody has started together meet in an empty folder that all see: each leaves a file there.
 *
 * @param folder empty at first, and not used again
 * @param rank of this one
 * @param count of all
 * @param patience how long to wait for the others
 */
public record FolderRendezvous(Path folder, int rank, int count, Duration patience) implements Rendezvous {
    private static final long LOOK_MILLIS = 20;

    @Override
    public List<String> meet(String mine) {
        try {
            Path unfinished = Files.writeString(folder.resolve("rank-" + rank + ".unfinished"), mine);
            Files.move(unfinished, file(rank), StandardCopyOption.ATOMIC_MOVE);
            long end = System.nanoTime() + patience.toNanos();
            List<String> all = new ArrayList<>();
            while (all.size() < count) {
                if (Files.exists(file(all.size()))) all.add(Files.readString(file(all.size())));
                else if (System.nanoTime() > end)
                    throw new RankException(
                            "rank " + rank + " of " + count + ": rank " + all.size() + " has not come within "
                                    + patience.toSeconds() + " s",
                            null);
                else Thread.sleep(LOOK_MILLIS);
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RankException("rank " + rank + " of " + count + ": interrupted while it waits for others", e);
        }
    }

    private Path file(int of) {
        return folder.resolve("rank-" + of);
    }
}
