package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.BatchStore;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Batches as {@code batches/step-000042.arrow}. */
final class ArrowBatchStore implements BatchStore {
    private final RunFolder folder;

    ArrowBatchStore(RunFolder folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.batches());
    }

    @Override
    public String write(Batch batch) throws IOException {
        Path file = folder.batch(batch.step());
        BatchArrow.write(file, batch);
        return sha256(file);
    }

    @Override
    public Batch read(int step, String digest) throws IOException {
        Path file = folder.batch(step);
        String found = sha256(file);
        if (!found.equals(digest))
            throw new IOException(file + " has SHA-256 " + found + ", the ledger recorded " + digest);
        return BatchArrow.read(file);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
