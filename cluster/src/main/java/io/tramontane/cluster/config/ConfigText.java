package io.tramontane.cluster.config;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a config file, within limits. SnakeYAML copies all that it has looked ahead for every 1,024 characters more, so
 * one word of 500,000 characters takes 480 MB: the length of a line bounds that.
 */
final class ConfigText {
    static final int MOST_BYTES = 1 << 20;
    static final int LONGEST_LINE = 1 << 17;

    private ConfigText() {}

    /** All of it; a pipe is read no further than the limit. */
    static String read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES)
            throw new BadInputException(file + ": is longer than " + MOST_BYTES + " bytes, which is no config file");
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        int line = 1;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) != '\n') continue;
            if (i - start > LONGEST_LINE)
                throw new BadInputException(file + ":" + line + ": a line of " + (i - start) + " characters, at most "
                        + LONGEST_LINE + " are allowed");
            line++;
            start = i + 1;
        }
        return text;
    }
}
