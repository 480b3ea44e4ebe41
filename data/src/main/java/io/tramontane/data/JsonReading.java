package io.tramontane.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How JSON is read everywhere in this program. The length of a line is the one limit ({@link LineLimit}): Jackson's own, of
 * 20,000,000 characters for a string, lies below it and is lifted. What is left are guards against files that are made to
 * hurt: 1,000 levels, numbers of 100,000 digits. {@code NaN} and {@code Infinity}, which Python's json writes, are read, so
 * that a field that nobody uses may hold them; whoever uses a field refuses them.
 */
public final class JsonReading {
    private static final int LONGEST_NUMBER = 100_000;
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(LONGEST_NUMBER)
            .build();

    private JsonReading() {}

    /** Our limits, for a parser that is made elsewhere. */
    public static StreamReadConstraints limits() {
        return LIMITS;
    }

    /** Reads and writes JSON. */
    public static JsonMapper mapper() {
        return builder().build();
    }

    /** The same for what people hand in: a key that is there twice and text behind the value are errors. */
    public static JsonMapper strict() {
        return builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private static JsonMapper.Builder builder() {
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(LIMITS).build())
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER);
    }

    /** What is wrong, in one line, without Jackson's positions and names. */
    public static String fault(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("malformed")
                .replaceAll("\\s*\\(start marker at .*", "")
                .replaceAll(", from `[^`]*`", "")
                .replaceAll("\\s+", " ");
    }
}
