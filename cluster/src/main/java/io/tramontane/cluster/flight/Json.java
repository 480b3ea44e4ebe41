package io.tramontane.cluster.flight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON of the control messages: records in, records out. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonReading.mapper();

    private Json() {}

    /** A call's name and its request. */
    record Command(String name, JsonNode request) {
        byte[] bytes() {
            return write(this);
        }

        static Command read(byte[] bytes) {
            Command command = convert(tree(bytes), Command.class);
            if (command.name() == null) throw new IllegalArgumentException("a command has a name");
            return command;
        }
    }

    static Command command(String name, Object request) {
        return new Command(name, MAPPER.valueToTree(request));
    }

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode tree(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON value as a record; never null. */
    public static <T> T convert(JsonNode node, Class<T> type) {
        try {
            T value = MAPPER.treeToValue(node, type);
            if (value == null)
                throw new IllegalArgumentException("nothing, where a " + type.getSimpleName() + " belongs");
            return value;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
