package io.tramontane.cluster.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.ArrowFrames;
import io.tramontane.data.BadInputException;
import io.tramontane.data.EmptyInputException;
import io.tramontane.data.JsonLines.Line;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/**
 * Arrow's IPC file or stream as JSON objects; one record batch at a time is in memory. An IPC file is read as the stream that
 * it holds between its magic and its footer, so it need not be seekable. Errors name file and row, from 1.
 */
final class ArrowRows implements Rows {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final byte[] MAGIC = "ARROW1\0\0".getBytes(StandardCharsets.US_ASCII);

    /** Of one record batch, decompressed: so many times the file, and this much; Arrow's own lengths end at 2 GiB. */
    private static final long GROWTH = 256;

    private static final long FEW_BYTES = 16L << 20;
    private static final long MOST_MEMORY = Integer.MAX_VALUE;

    private final String name;
    private final BufferAllocator allocator;
    private final ArrowStreamReader reader;
    private final List<ValueVector> decoded = new ArrayList<>();
    private List<ValueVector> columns = List.of();
    private VectorSchemaRoot batch;
    private int row;
    private long before;

    ArrowRows(StoragePath place) {
        this.name = place.name();
        long size = size(place);
        this.allocator = new RootAllocator(Math.min(MOST_MEMORY, GROWTH * size + FEW_BYTES));
        InputStream in = new ArrowFrames(stream(place.open()), size);
        this.reader = new ArrowStreamReader(in, allocator, CommonsCompressionFactory.INSTANCE);
        try {
            advance();
            if (batch == null) throw new EmptyInputException(name + ": the file is empty, needs at least one row");
        } catch (RuntimeException e) {
            try {
                close();
            } catch (BadInputException leaked) {
                e.addSuppressed(leaked);
            }
            throw e;
        }
    }

    private long size(StoragePath place) {
        try {
            return place instanceof HadoopStorage ? MOST_MEMORY : Files.size(place.local());
        } catch (IOException e) {
            throw new BadInputException(name + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private InputStream stream(InputStream in) {
        try {
            BufferedInputStream bytes = new BufferedInputStream(in, 1 << 16);
            bytes.mark(MAGIC.length);
            if (!Arrays.equals(bytes.readNBytes(MAGIC.length), MAGIC)) bytes.reset();
            return bytes;
        } catch (IOException e) {
            throw new BadInputException(name + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** To the next batch that has rows; Arrow throws many kinds of exceptions on damaged files. */
    private void advance() {
        try {
            do {
                if (!reader.loadNextBatch()) {
                    batch = null;
                    return;
                }
                batch = reader.getVectorSchemaRoot();
            } while (batch.getRowCount() == 0);
            row = 0;
            ArrowFrames.check(batch);
            decode();
        } catch (IOException | RuntimeException | LinkageError e) {
            throw broken(e);
        }
    }

    private BadInputException broken(Throwable e) {
        batch = null; // a file that cannot be read on has ended
        return new BadInputException(name + ":" + (before + 1) + ": not a whole Arrow file: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    @Override
    public boolean hasNext() {
        return batch != null;
    }

    @Override
    public Line next() {
        if (batch == null) throw new NoSuchElementException(name + " has no more rows");
        ObjectNode object = object();
        row++;
        Line line = new Line(object, name + ":" + (before + row));
        if (row == batch.getRowCount()) {
            before += row;
            advance();
        }
        return line;
    }

    private ObjectNode object() {
        try {
            ObjectNode object = JSON.objectNode();
            List<FieldVector> named = batch.getFieldVectors();
            for (int i = 0; i < named.size(); i++) {
                ValueVector column = columns.get(i);
                if (column.isNull(row)) continue;
                Object value = column.getObject(row);
                object.set(named.get(i).getName(), column instanceof MapVector ? map((List<?>) value) : value(value));
            }
            return object;
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    /** Columns whose values stand in a dictionary get a copy of their own for each batch. */
    private void decode() {
        forget();
        columns = new ArrayList<>();
        for (FieldVector column : batch.getFieldVectors()) {
            DictionaryEncoding encoding = column.getField().getDictionary();
            if (encoding == null) {
                columns.add(column);
                continue;
            }
            decoded.add(DictionaryEncoder.decode(column, reader.lookup(encoding.getId())));
            columns.add(decoded.get(decoded.size() - 1));
        }
    }

    private void forget() {
        decoded.forEach(ValueVector::close);
        decoded.clear();
    }

    private static JsonNode value(Object value) {
        if (value == null) return JSON.nullNode();
        if (value instanceof Boolean flag) return JSON.booleanNode(flag);
        if (value instanceof Double || value instanceof Float) return JSON.numberNode(((Number) value).doubleValue());
        if (value instanceof BigDecimal decimal) return JSON.numberNode(decimal);
        if (value instanceof Number number) return JSON.numberNode(number.longValue());
        if (value instanceof byte[] bytes) return JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.arrayNode();
            list.forEach(each -> array.add(value(each)));
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.objectNode();
            map.forEach((key, each) -> {
                if (each != null) object.set(String.valueOf(key), value(each));
            });
            return object;
        }
        return JSON.textNode(value.toString());
    }

    /** Arrow gives a map as a list of pairs. */
    private static ObjectNode map(List<?> entries) {
        ObjectNode object = JSON.objectNode();
        for (Object entry : entries) {
            Iterator<?> pair = ((Map<?, ?>) entry).values().iterator();
            object.set(String.valueOf(pair.next()), value(pair.hasNext() ? pair.next() : null));
        }
        return object;
    }

    @Override
    public void close() {
        try {
            forget();
            reader.close();
            allocator.close();
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(name + ": cannot be closed: " + e.getMessage());
        }
    }
}
