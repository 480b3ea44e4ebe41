package io.tramontane.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import io.tramontane.model.gguf.Blocks;
import io.tramontane.model.ranks.Collectives;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a snapshot's tensors in their order, into one file or, beyond a size, several with an index. */
final class SafetensorsWriter {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int CHUNK = 1 << 24;

    private final VectorSource weights;
    private final SaveForm form;
    private final Collectives ranks;

    SafetensorsWriter(VectorSource weights, SaveForm form) {
        this(weights, form, Collectives.ALONE);
    }

    /** Of several ranks each writes what its snapshot holds. */
    SafetensorsWriter(VectorSource weights, SaveForm form, Collectives ranks) {
        this.weights = weights;
        this.form = form;
        this.ranks = ranks;
    }

    /** A model folder's weights. */
    void writeFolder(StoragePath folder) throws IOException {
        if (ranks.isFirst()) folder.makeFolder();
        List<List<TensorRange>> shards = shards();
        if (shards.size() == 1) {
            writeFile(folder.child(SafetensorsFolder.SINGLE), shards.get(0), Map.of("format", "pt"));
            return;
        }
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata").put("total_size", weights.bytes() / Float.BYTES * form.numberBytes());
        ObjectNode map = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            writeFile(folder.child(name), shards.get(i), Map.of("format", "pt"));
            for (TensorRange tensor : shards.get(i)) map.put(tensor.name(), name);
        }
        if (!ranks.isFirst()) return;
        try (OutputStream out = folder.child(SafetensorsFolder.INDEX).write()) {
            JSON.writerWithDefaultPrettyPrinter().writeValue(out, index);
        }
    }

    /** Whole tensors, as many as the limit allows and at least one. */
    private List<List<TensorRange>> shards() {
        List<List<TensorRange>> shards = new ArrayList<>();
        long size = Long.MAX_VALUE;
        for (TensorRange tensor : weights.tensors()) {
            long bytes = tensor.length() * form.numberBytes();
            if (size > form.shardBytes() - bytes) {
                shards.add(new ArrayList<>());
                size = 0;
            }
            shards.get(shards.size() - 1).add(tensor);
            size += bytes;
        }
        return shards;
    }

    /** Tensors that follow each other in theta, as one file; the data starts at a multiple of 8. */
    void writeFile(StoragePath file, List<TensorRange> tensors, Map<String, String> metadata) throws IOException {
        TensorRange last = tensors.get(tensors.size() - 1);
        long first = tensors.get(0).offset();
        VectorRange all = new VectorRange(first, last.range().end() - first);
        byte[] header = header(tensors, metadata);
        ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(header.length).put(header).flip();
        if (ranks.count() > 1) {
            new RankFile(ranks, weights, file, start).write(all, this::stored, form.numberBytes());
            return;
        }
        try (WritableByteChannel channel = Channels.newChannel(file.write())) {
            writeFully(channel, start);
            long end = all.end() * Float.BYTES;
            for (long at = all.offset() * Float.BYTES; at < end; ) {
                ByteBuffer part = weights.part(at, Math.min(CHUNK, end - at));
                at += part.remaining();
                writeFully(channel, stored(part));
            }
        }
    }

    private ByteBuffer stored(ByteBuffer floats) {
        return form.numberBytes() == Float.BYTES ? floats : shortened(floats);
    }

    private static ByteBuffer shortened(ByteBuffer floats) {
        ByteBuffer shorts = ByteBuffer.allocateDirect(floats.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) shorts.putShort(Blocks.bfloat(floats.getFloat()));
        return shorts.flip();
    }

    private byte[] header(List<TensorRange> tensors, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        long begin = 0;
        for (TensorRange tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", form.encoding().name());
            ArrayNode shape = entry.putArray("shape");
            for (long side : tensor.shape()) shape.add(side);
            long end = begin + tensor.length() * form.numberBytes();
            entry.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }
}
