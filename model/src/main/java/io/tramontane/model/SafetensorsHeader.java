package io.tramontane.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: 8 bytes little-endian length, then JSON {@code name -> {dtype, shape, data_offsets}},
 * then the data. A checkpoint is untrusted: every number is checked against the file before it is used, and the data must
 * be covered by tensors without a gap or an overlap.
 */
final class SafetensorsHeader {
    private static final long LARGEST = 100_000_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(JsonReading.limits())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private final long data;
    private final long dataBytes;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private SafetensorsHeader(Path file, long data, long dataBytes) {
        this.file = file;
        this.data = data;
        this.dataBytes = dataBytes;
    }

    /** Tensors by name, in the order of the header. */
    static Map<String, StoredTensor> read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long length = size < 8 ? -1 : bytes(channel, 0, 8).getLong();
            long most = Math.min(LARGEST, size - 8);
            if (length < 2 || length > most)
                throw new BadInputException(file + ": header length " + length + ", allowed 2 to " + most);
            SafetensorsHeader header = new SafetensorsHeader(file, 8 + length, size - 8 - length);
            header.parse(bytes(channel, 8, (int) length).array());
            header.checkCover();
            return header.tensors;
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": the header is not JSON: " + JsonFields.oneLine(e));
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining())
            if (channel.read(bytes, from + bytes.position()) < 0) throw new IOException("the file became shorter");
        return bytes.flip();
    }

    private BadInputException bad(String what) {
        return new BadInputException(file + ": " + what);
    }

    private void parse(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw bad("the header is not a JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("__metadata__")) parser.skipChildren();
                else tensors.put(name, entry(parser, name));
            }
            if (parser.nextToken() != null) throw bad("something follows the header's JSON object");
        }
    }

    private StoredTensor entry(JsonParser parser, String name) throws IOException {
        String what = "tensor " + name;
        if (!parser.hasToken(JsonToken.START_OBJECT)) throw bad(what + " is not described by an object");
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> dtype = parser.getText();
                case "shape" -> shape = numbers(parser, what + ": shape");
                case "data_offsets" -> offsets = numbers(parser, what + ": data_offsets");
                default -> throw bad(what + ": unknown key " + key);
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2)
            throw bad(what + " needs dtype, shape and two data_offsets");
        return tensor(name, encoding(what, dtype), shape, offsets);
    }

    private long[] numbers(JsonParser parser, String what) throws IOException {
        if (!parser.hasToken(JsonToken.START_ARRAY)) throw bad(what + " is not a list");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || parser.getLongValue() < 0
                    || numbers.size() == 8) throw bad(what + " must be up to 8 whole numbers of up to 63 bits");
            numbers.add(parser.getLongValue());
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private Encoding encoding(String what, String dtype) {
        for (Encoding allowed : List.of(Encoding.F32, Encoding.BF16, Encoding.F16, Encoding.F8_E4M3))
            if (allowed.name().equals(dtype)) return allowed;
        throw bad(what + ": dtype " + dtype + " is not supported, allowed F32, BF16, F16, F8_E4M3");
    }

    private StoredTensor tensor(String name, Encoding encoding, long[] shape, long[] offsets) {
        long bytes = encoding.blockBytes();
        for (long side : shape) {
            if (side != 0 && bytes > Long.MAX_VALUE / side)
                throw bad("tensor " + name + ": shape " + Arrays.toString(shape) + " is larger than any file");
            bytes *= side;
        }
        if (offsets[1] > dataBytes || offsets[1] - offsets[0] != bytes)
            throw bad("tensor " + name + ": data_offsets " + offsets[0] + " to " + offsets[1] + " do not fit "
                    + Arrays.toString(shape) + " " + encoding + " and the " + dataBytes + " bytes of data");
        return new StoredTensor(file, name, encoding, shape, data + offsets[0], bytes);
    }

    private void checkCover() {
        List<StoredTensor> sorted = new ArrayList<>(tensors.values());
        sorted.sort(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::bytes));
        long end = data;
        for (StoredTensor tensor : sorted) {
            if (tensor.offset() != end)
                throw bad("tensor " + tensor.name() + " begins at byte " + (tensor.offset() - data)
                        + " of the data, the one before ends at " + (end - data));
            end += tensor.bytes();
        }
        if (end != data + dataBytes) throw bad((data + dataBytes - end) + " bytes at the end belong to no tensor");
    }
}
