package io.tramontane.model;

import io.tramontane.data.StoragePath;
import io.tramontane.model.ranks.Collectives;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A file that all ranks write, each what it holds. On a file system that all see they write at the same time, each at its
 * place; into an object store, which has no places, the first rank writes what the others send it, some megabytes at a time.
 *
 * @param ranks all call the same methods
 * @param weights what this rank holds
 * @param file of all
 * @param start what precedes the numbers
 */
record RankFile(Collectives ranks, VectorSource weights, StoragePath file, ByteBuffer start) {
    private static final int CHUNK = 1 << 24;
    private static final int WINDOW = 1 << 20;

    /**
     * Writes numbers of a range.
     *
     * @param form makes stored numbers of some bytes of float32
     * @param numberBytes size of a stored number
     */
    void write(VectorRange all, UnaryOperator<ByteBuffer> form, int numberBytes) throws IOException {
        if (file.isRemote()) collect(all, form);
        else together(all, form, numberBytes);
    }

    private void together(VectorRange all, UnaryOperator<ByteBuffer> form, int numberBytes) throws IOException {
        if (ranks.isFirst())
            try (WritableByteChannel channel = Channels.newChannel(file.write())) {
                writeFully(channel, start.duplicate());
            }
        ranks.barrier();
        try (FileChannel channel = FileChannel.open(file.local(), StandardOpenOption.WRITE)) {
            for (VectorRange range : parts(all)) {
                channel.position(start.limit() + (range.offset() - all.offset()) * numberBytes);
                for (long at = range.offset(); at < range.end(); ) {
                    ByteBuffer part = weights.part(at * Float.BYTES, Math.min(CHUNK, (range.end() - at) * Float.BYTES));
                    at += part.remaining() / Float.BYTES;
                    writeFully(channel, form.apply(part));
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(
                    file.name() + ": rank " + ranks.rank()
                            + " does not see the file that rank 0 has made; ranks on several"
                            + " machines need a run folder on a file system of all of them",
                    e);
        }
        ranks.barrier();
    }

    /** What this rank writes of a range. */
    private List<VectorRange> parts(VectorRange all) {
        return weights.held().stream()
                .map(range -> range.and(all))
                .flatMap(Optional::stream)
                .toList();
    }

    private void collect(VectorRange all, UnaryOperator<ByteBuffer> form) throws IOException {
        try (OutputStream out = ranks.isFirst() ? file.write() : OutputStream.nullOutputStream();
                WritableByteChannel channel = Channels.newChannel(out)) {
            writeFully(channel, start.duplicate());
            for (long at = all.offset(); at < all.end(); at += WINDOW) {
                VectorRange window = new VectorRange(at, Math.min(WINDOW, all.end() - at));
                List<byte[]> sent = ranks.gather(said(window));
                if (ranks.isFirst()) writeFully(channel, form.apply(joined(window, sent)));
            }
        }
    }

    /** The numbers of this rank, each range behind its place and length. */
    private byte[] said(VectorRange window) {
        List<VectorRange> parts = new ArrayList<>(parts(window));
        long numbers = parts.stream().mapToLong(VectorRange::length).sum();
        ByteBuffer said = ByteBuffer.allocate((int) (parts.size() * 2 * Long.BYTES + numbers * Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (VectorRange part : parts) {
            said.putLong(part.offset()).putLong(part.length());
            ByteBuffer room = said.slice(said.position(), (int) part.length() * Float.BYTES);
            weights.read(part.offset() * Float.BYTES, room);
            said.position(said.position() + room.position());
        }
        return said.array();
    }

    private static ByteBuffer joined(VectorRange window, List<byte[]> sent) {
        ByteBuffer all =
                ByteBuffer.allocate((int) window.length() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] bytes : sent) {
            ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (from.hasRemaining()) {
                int at = (int) (from.getLong() - window.offset()) * Float.BYTES;
                int length = (int) from.getLong() * Float.BYTES;
                all.put(at, from.array(), from.position(), length);
                from.position(from.position() + length);
            }
        }
        return all;
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }
}
