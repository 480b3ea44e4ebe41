package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.BatchStore;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.BatchCheck;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import java.io.IOException;

/** Batches as {@code batches/step-000042.arrow}. */
public final class ArrowBatchStore implements BatchStore {
    private final RunFolder folder;

    ArrowBatchStore(RunFolder folder) throws IOException {
        this.folder = folder;
        folder.batches().makeFolder();
    }

    @Override
    public String write(Batch batch) throws IOException {
        return BatchArrow.write(folder.batch(batch.step()), batch);
    }

    /** A batch that is not what was recorded is bad input, with what a user can do about it. */
    @Override
    public Batch read(int step, String digest) throws IOException {
        return read(folder, step, digest);
    }

    /** The recorded batch of a step of any run, which must have this digest. */
    public static Batch read(RunFolder folder, int step, String digest) throws IOException {
        StoragePath file = folder.batch(step);
        if (!file.exists()) throw lost(folder, step, file.name() + ": is missing, the ledger recorded it");
        try (LocalCopy copy = LocalCopy.of(file)) {
            String found = new LocalStorage(copy.path()).digest();
            if (!found.equals(digest))
                throw lost(folder, step, file.name() + ": has SHA-256 " + found + ", the ledger recorded " + digest);
            return BatchArrow.read(copy.path());
        }
    }

    private static BadInputException lost(RunFolder folder, int step, String fault) {
        return new BadInputException(fault + "; " + BatchCheck.cure(folder, step));
    }
}
