package io.tramontane.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import io.tramontane.data.UnreadableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The size and SHA-256 of every file of a checkpoint, {@code manifest.json}, so that one changed bit is found before training
 * goes on with it:
 *
 * <pre>  {"format":1,"step":40,"files":{"config.json":{"bytes":702,"sha256":"9f3c..."},"optimizer/first.safetensors":...}}</pre>
 *
 * Files are read back when they are all written. A file that the manifest does not name is no fault.
 *
 * @param format of the manifest itself
 * @param step of the checkpoint
 * @param files by name, folders with a slash
 */
public record CheckpointManifest(int format, int step, SortedMap<String, Entry> files) {
    /** The file's name. */
    public static final String NAME = "manifest.json";

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int PIECE = 1 << 20;
    private static final int LARGEST = 1 << 24;
    private static final int DIGITS = 12;

    /** One file. */
    public record Entry(long bytes, String sha256) {
        /** Refuses one without a digest. */
        public Entry {
            if (sha256 == null) throw new IllegalArgumentException("a file has no sha256");
        }
    }

    /**
     * Writes the manifest of all files that are there, and of one that is not written yet.
     *
     * @param last its name
     * @param content of that file
     */
    public static void write(StoragePath folder, int step, String last, byte[] content) throws IOException {
        SortedMap<String, Entry> files = new TreeMap<>();
        collect(folder, "", files);
        files.remove(NAME);
        WeightDigest digest = WeightDigest.begin();
        digest.update(ByteBuffer.wrap(content));
        files.put(last, new Entry(content.length, digest.hex()));
        try (OutputStream out = folder.child(NAME).write()) {
            out.write(JSON.writeValueAsBytes(new CheckpointManifest(FORMAT, step, files)));
        }
    }

    private static void collect(StoragePath folder, String prefix, Map<String, Entry> into) throws IOException {
        for (String name : folder.list()) {
            StoragePath child = folder.child(name);
            if (child.isFolder()) collect(child, prefix + name + "/", into);
            else into.put(prefix + name, entry(child));
        }
    }

    private static Entry entry(StoragePath file) throws IOException {
        WeightDigest digest = WeightDigest.begin();
        long size = 0;
        byte[] piece = new byte[PIECE];
        ByteBuffer direct = ByteBuffer.allocateDirect(PIECE); // OpenSSL reads no array
        try (InputStream in = file.open()) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                digest.update(direct.clear().put(piece, 0, n).flip());
                size += n;
            }
        }
        return new Entry(size, digest.hex());
    }

    /** Of a checkpoint; empty for one of an earlier version, which has none. */
    public static Optional<CheckpointManifest> read(StoragePath folder) {
        StoragePath file = folder.child(NAME);
        if (!file.exists()) return Optional.empty();
        try (InputStream in = file.open()) {
            CheckpointManifest manifest = JSON.readValue(in.readNBytes(LARGEST), CheckpointManifest.class);
            if (manifest == null || manifest.files() == null || manifest.files().isEmpty())
                throw new BadInputException(file.name() + ": names no file");
            if (manifest.files().containsValue(null))
                throw new BadInputException(file.name() + ": names a file without its size and digest");
            if (manifest.format() != FORMAT)
                throw new BadInputException(
                        file.name() + ": format " + manifest.format() + ", this version reads " + FORMAT);
            return Optional.of(manifest);
        } catch (JsonProcessingException e) {
            throw new BadInputException(file.name() + ": is no manifest (" + JsonReading.fault(e) + ")");
        } catch (IOException e) {
            throw UnreadableException.of(file, e);
        }
    }

    /** Names in their order; a process may check some of them, and others the rest. */
    public String[] names() {
        return files.keySet().toArray(String[]::new);
    }

    /** Refuses a file that is not what was written. */
    public void check(StoragePath folder, String name) {
        StoragePath file = inside(folder, name);
        Entry written = files.get(name);
        if (!file.exists() || file.isFolder())
            throw new BadInputException(file.name() + ": is missing, the checkpoint was saved with it");
        try {
            Entry found = entry(file);
            if (found.bytes() != written.bytes())
                throw new BadInputException(
                        file.name() + ": has " + found.bytes() + " bytes, " + written.bytes() + " were saved");
            if (!found.sha256().equals(written.sha256()))
                throw new BadInputException(file.name() + ": is not what was saved: its SHA-256 begins with "
                        + begin(found.sha256()) + ", saved was " + begin(written.sha256()));
        } catch (IOException e) {
            throw UnreadableException.of(file, e);
        }
    }

    private static String begin(String digest) {
        return digest.substring(0, Math.min(DIGITS, digest.length()));
    }

    /** Refuses a folder in which any file is not what was written. */
    public void check(StoragePath folder) {
        for (String name : names()) check(folder, name);
    }

    private static StoragePath inside(StoragePath folder, String name) {
        StoragePath file = folder;
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0)
                throw new BadInputException(
                        folder.child(NAME).name() + ": '" + name + "' is no file of the checkpoint");
            file = file.child(part);
        }
        return file;
    }
}
