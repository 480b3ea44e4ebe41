package io.tramontane.model.chat;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The system prompt that comes with a model, {@code SYSTEM_PROMPT.txt}. */
public final class SystemPrompt {
    private static final String FILE = "SYSTEM_PROMPT.txt";

    private SystemPrompt() {}

    /** That of a model; empty where it has none. */
    public static Optional<String> of(TokenizerFiles files) {
        byte[] text = files.files().get(FILE);
        if (text == null) return Optional.empty();
        return Optional.of(new String(text, StandardCharsets.UTF_8)).filter(t -> !t.isBlank());
    }

    /** A prompt in pieces: what stands between {@code [THINK]} and {@code [/THINK]} shows the model what thoughts are. */
    public static List<Chunk> chunks(String prompt) {
        List<Chunk> chunks = new ArrayList<>();
        String open = ThinkTags.SQUARE.open();
        String close = ThinkTags.SQUARE.close();
        int from = 0;
        while (true) {
            int begin = prompt.indexOf(open, from);
            int end = begin < 0 ? -1 : prompt.indexOf(close, begin);
            if (end < 0) break;
            if (begin > from) chunks.add(new Chunk.Text(prompt.substring(from, begin)));
            chunks.add(new Chunk.Thinking(prompt.substring(begin + open.length(), end), true));
            from = end + close.length();
        }
        if (from < prompt.length()) chunks.add(new Chunk.Text(prompt.substring(from)));
        return chunks;
    }
}
