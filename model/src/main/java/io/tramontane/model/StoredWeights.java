package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.data.StoragePath;
import io.tramontane.data.UnreadableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The digest of weights as they lie in a checkpoint, without reading them into memory: a checkpoint has theta's bytes, in
 * theta's order, behind the header of each file.
 */
public final class StoredWeights {
    private static final Pattern PART = Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");
    private static final int PIECE = 1 << 20;

    private StoredWeights() {}

    /** The same as {@link WeightSnapshot#digest} of what the folder holds, if it was saved exactly. */
    public static String digest(StoragePath folder) {
        WeightDigest digest = WeightDigest.begin();
        for (StoragePath file : files(folder)) add(file, digest);
        return digest.hex();
    }

    private static List<StoragePath> files(StoragePath folder) {
        StoragePath single = folder.child(SafetensorsFolder.SINGLE);
        if (single.exists()) return List.of(single);
        try {
            List<StoragePath> parts = folder.list().stream()
                    .filter(name -> PART.matcher(name).matches())
                    .sorted()
                    .map(folder::child)
                    .toList();
            if (parts.isEmpty()) throw new BadInputException(single.name() + ": no such file");
            return parts;
        } catch (IOException e) {
            throw UnreadableException.of(folder, e);
        }
    }

    private static void add(StoragePath file, WeightDigest digest) {
        byte[] piece = new byte[PIECE];
        ByteBuffer direct = ByteBuffer.allocateDirect(PIECE); // OpenSSL reads no array
        try (InputStream in = file.open()) {
            byte[] length = in.readNBytes(Long.BYTES);
            long header = length.length < Long.BYTES
                    ? -1
                    : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (header < 0) throw new BadInputException(file.name() + ": has no safetensors header");
            in.skipNBytes(header);
            for (int n = in.read(piece); n >= 0; n = in.read(piece))
                digest.update(direct.clear().put(piece, 0, n).flip());
        } catch (EOFException e) { // the header is longer than the file
            throw new BadInputException(file.name() + ": ends too early");
        } catch (IOException e) {
            throw UnreadableException.of(file, e);
        }
    }
}
