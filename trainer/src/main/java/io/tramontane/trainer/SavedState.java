package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.TensorRange;
import io.tramontane.model.VectorRange;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A checkpoint beside a trainer that has made the same steps: the two must be equal bit for bit. A rank compares what it would
 * save itself, so that all of them together compare everything.
 */
final class SavedState {
    private static final int PIECE = 1 << 20;

    private SavedState() {}

    /** The first thing in which they differ, as a clause. All ranks call it. */
    static Optional<String> difference(StoragePath checkpoint, CheckpointParts parts) {
        String digest = parts.digest();
        try (LocalCopy copy = LocalCopy.of(checkpoint)) {
            JsonNode state = StateFile.read(new LocalStorage(copy.path()));
            String stated = state.path("digest").asText();
            if (!stated.equals(digest))
                return Optional.of("its weights' digest is " + stated + ", replayed are " + digest);
            long updates = state.path("updates").asLong();
            if (updates != parts.updates())
                return Optional.of("its updates are " + updates + ", replayed are " + parts.updates());
            return vectors(copy.path(), state, parts);
        }
    }

    private static Optional<String> vectors(Path folder, JsonNode state, CheckpointParts parts) {
        Path moments = TrainingState.moments(folder);
        Path first = moments.resolve(TrainingState.FIRST);
        VectorSource mine = parts.first();
        Function<Path, VectorSource> read = parts.adapters()
                .<Function<Path, VectorSource>>map(saved -> adapter(folder, mine, state, saved)::readVector)
                .orElse(file -> theta(file, mine));
        Optional<String> found = difference(first, read.apply(first), mine);
        if (found.isPresent()) return found;
        Path second = moments.resolve(TrainingState.SECOND);
        found = difference(second, read.apply(second), parts.second());
        if (found.isPresent() || parts.reference().isEmpty()) return found;
        Path reference = moments.resolve(TrainingState.REFERENCE);
        WeightSnapshot replayed = parts.reference().get();
        return difference(reference, theta(reference, replayed), replayed);
    }

    private static PeftAdapter adapter(Path folder, VectorSource mine, JsonNode state, Adapters.Saved saved) {
        return Adapters.read(folder, mine.config(), state, saved.adapter().lora());
    }

    private static VectorSource theta(Path file, VectorSource like) {
        return Checkpoint.openVector(file, like.config());
    }

    private static Optional<String> difference(Path file, VectorSource saved, VectorSource replayed) {
        for (VectorRange range : replayed.held()) {
            long end = range.end() * Float.BYTES;
            for (long at = range.offset() * Float.BYTES; at < end; at += PIECE) {
                int length = (int) Math.min(PIECE, end - at);
                int mismatch = piece(saved, at, length).mismatch(piece(replayed, at, length));
                if (mismatch >= 0)
                    return Optional.of(file.getParent().getFileName() + "/" + file.getFileName()
                            + " differs from the replayed one in " + tensor(replayed, at + mismatch));
            }
        }
        return Optional.empty();
    }

    private static ByteBuffer piece(VectorSource from, long at, int length) {
        ByteBuffer piece = ByteBuffer.allocate(length);
        from.read(at, piece);
        return piece.flip();
    }

    private static String tensor(VectorSource of, long at) {
        return of.tensors().stream()
                .filter(tensor -> (tensor.offset() + tensor.length()) * Float.BYTES > at)
                .findFirst()
                .map(TensorRange::name)
                .orElseThrow();
    }
}
