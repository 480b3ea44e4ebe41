package io.tramontane.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The fields of an untrusted JSON object; every error names the file, the key and what is allowed. */
record JsonFields(Path file, String at, JsonNode json) {
    private static final ObjectMapper JSON = JsonReading.strict();

    /** The object in a file of at most {@code most} bytes. */
    static JsonFields read(Path file, long most) {
        try {
            if (Files.size(file) > most)
                throw new BadInputException(file + ": " + Files.size(file) + " bytes, allowed " + most);
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (json == null || !json.isObject()) throw new BadInputException(file + ": is not a JSON object");
            return new JsonFields(file, "", json);
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": not JSON: " + oneLine(e));
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    static String oneLine(JsonProcessingException e) {
        return JsonReading.fault(e);
    }

    BadInputException bad(String key, String what) {
        return new BadInputException(file + ": " + at + key + " " + what);
    }

    /** The value of a key; null counts as absent. */
    boolean has(String key) {
        return json.hasNonNull(key);
    }

    JsonFields object(String key) {
        if (!json.path(key).isObject()) throw bad(key, "is not an object");
        return new JsonFields(file, at + key + ".", json.get(key));
    }

    int integer(String key) {
        if (!has(key)) throw bad(key, "is missing");
        return integer(key, 0);
    }

    int integer(String key, int otherwise) {
        if (!has(key)) return otherwise;
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) throw bad(key, shown(key) + " is not an integer");
        return value.intValue();
    }

    double real(String key, double otherwise) {
        if (!has(key)) return otherwise;
        if (!json.get(key).isNumber()) throw bad(key, shown(key) + " is not a number");
        double value = json.get(key).doubleValue();
        if (!Double.isFinite(value)) throw bad(key, json.get(key).asText() + " is not a finite number");
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) return otherwise;
        if (!json.get(key).isBoolean()) throw bad(key, shown(key) + " is not true or false");
        return json.get(key).booleanValue();
    }

    String text(String key, String otherwise) {
        if (!has(key)) return otherwise;
        if (!json.get(key).isTextual()) throw bad(key, shown(key) + " is not a text");
        return json.get(key).textValue();
    }

    /** A setting that has one supported value. */
    void only(String key, String allowed) {
        if (has(key) && !json.get(key).asText().equals(allowed))
            throw bad(key, shown(key) + " is not supported, allowed " + allowed);
    }

    /** A value as an error shows it. */
    String shown(String key) {
        String text = json.path(key).toString();
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}
