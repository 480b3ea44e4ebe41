package io.tramontane.cluster.config;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactoryBuilder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text of a YAML file and the parser for it, within limits; all YAML is read through here. SnakeYAML copies all that it has
 * looked ahead for every 1,024 characters more, so one word of 500,000 characters takes 480 MB: the length of a line bounds
 * that.
 */
public final class ConfigText {
    static final int MOST_BYTES = 1 << 20;
    static final int LONGEST_LINE = 1 << 17;
    private static final int MOST_LEVELS = 64;

    private ConfigText() {}

    /** All of it; a pipe is read no further than the limit. */
    public static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    /** The same of a file wherever it lies. */
    public static String read(StoragePath file) throws IOException {
        try (InputStream in = file.open()) {
            return read(in, file.name());
        }
    }

    /** Makes parsers that bound levels, digits and lengths. */
    public static YAMLFactoryBuilder yaml() {
        return YAMLFactory.builder()
                .streamReadConstraints(JsonReading.limits()
                        .rebuild()
                        .maxNestingDepth(MOST_LEVELS)
                        .build());
    }

    private static String read(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES)
            throw new BadInputException(name + ": is longer than " + MOST_BYTES + " bytes, which is no config file");
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        int line = 1;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) != '\n') continue;
            if (i - start > LONGEST_LINE)
                throw new BadInputException(name + ":" + line + ": a line of " + (i - start) + " characters, at most "
                        + LONGEST_LINE + " are allowed");
            line++;
            start = i + 1;
        }
        return text;
    }
}
