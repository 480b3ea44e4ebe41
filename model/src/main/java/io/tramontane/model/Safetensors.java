package io.tramontane.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors format: 8 bytes little-endian length, a JSON header {@code name -> {dtype, shape, data_offsets}}, then
 * the data. A checkpoint is untrusted: every number of the header is checked against the file before it is used.
 */
final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGEST_HEADER = 100_000_000;
    private static final int CHUNK = 1 << 24;

    private Safetensors() {}

    /** Fills a snapshot; names and shapes must be exactly the snapshot's. */
    static void read(Path file, WeightSnapshot weights) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            JsonNode header = header(file, channel);
            long data = 8 + lengthOf(file, channel);
            Map<String, TensorRange> wanted = new LinkedHashMap<>();
            for (TensorRange tensor : weights.tensors()) wanted.put(tensor.name(), tensor);
            for (Map.Entry<String, JsonNode> entry : header.properties()) {
                if (entry.getKey().equals("__metadata__")) continue;
                TensorRange tensor = wanted.remove(entry.getKey());
                if (tensor == null)
                    throw new BadInputException(
                            file + ": tensor " + entry.getKey() + " does not belong to this architecture");
                long begin = check(file, tensor, entry.getValue(), channel.size() - data);
                copy(channel, data + begin, weights, tensor);
            }
            if (!wanted.isEmpty())
                throw new BadInputException(
                        file + ": tensor " + wanted.keySet().iterator().next() + " is missing");
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private static long lengthOf(Path file, FileChannel channel) throws IOException {
        ByteBuffer eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, eight, 0);
        long length = eight.flip().getLong();
        if (length < 2 || length > LARGEST_HEADER || length > channel.size() - 8)
            throw new BadInputException(file + ": header length " + length + ", allowed 2 to "
                    + Math.min(LARGEST_HEADER, channel.size() - 8));
        return length;
    }

    private static JsonNode header(Path file, FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) lengthOf(file, channel));
        readFully(channel, bytes, 8);
        try {
            JsonNode header = JSON.readTree(bytes.array());
            if (header != null && header.isObject()) return header;
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": header is not JSON: " + e.getOriginalMessage());
        }
        throw new BadInputException(file + ": header is not a JSON object");
    }

    /** The checked begin of a tensor's data. */
    private static long check(Path file, TensorRange tensor, JsonNode entry, long dataBytes) {
        String what = file + ": tensor " + tensor.name();
        if (!entry.path("dtype").asText().equals("F32"))
            throw new BadInputException(what + ": dtype " + entry.path("dtype").asText() + ", allowed F32");
        long[] shape = new long[entry.path("shape").size()];
        for (int i = 0; i < shape.length; i++)
            shape[i] = entry.path("shape").get(i).asLong(-1);
        if (!Arrays.equals(shape, tensor.shape()))
            throw new BadInputException(
                    what + ": shape " + Arrays.toString(shape) + ", expected " + Arrays.toString(tensor.shape()));
        long begin = entry.path("data_offsets").path(0).asLong(-1);
        long end = entry.path("data_offsets").path(1).asLong(-1);
        if (begin < 0 || end > dataBytes || end - begin != tensor.length() * Float.BYTES)
            throw new BadInputException(what + ": data_offsets " + begin + " to " + end + " do not fit the file");
        return begin;
    }

    private static void copy(FileChannel channel, long from, WeightSnapshot weights, TensorRange tensor)
            throws IOException {
        long at = 0;
        long bytes = tensor.length() * Float.BYTES;
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes));
        while (at < bytes) {
            buffer.clear().limit((int) Math.min(CHUNK, bytes - at));
            readFully(channel, buffer, from + at);
            weights.write(tensor.offset() * Float.BYTES + at, buffer.flip());
            at += buffer.limit();
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) throw new EOFException("the file ends at byte " + at);
            at += count;
        }
    }

    /** Writes all tensors of a snapshot in their order; the data starts at a multiple of 8. */
    static void write(Path file, WeightSnapshot weights, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        for (TensorRange tensor : weights.tensors()) {
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", "F32");
            ArrayNode shape = entry.putArray("shape");
            for (long side : tensor.shape()) shape.add(side);
            long begin = tensor.offset() * Float.BYTES;
            entry.putArray("data_offsets").add(begin).add(begin + tensor.length() * Float.BYTES);
        }
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            length.putLong(padded.length).flip();
            writeFully(channel, length);
            writeFully(channel, ByteBuffer.wrap(padded));
            for (long at = 0; at < weights.bytes(); ) {
                ByteBuffer part = weights.part(at, CHUNK);
                at += part.remaining();
                writeFully(channel, part);
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }
}
