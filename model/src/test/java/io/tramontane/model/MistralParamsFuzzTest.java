package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged or hostile params.json states a shape or is one line; never a crash, never much memory. */
class MistralParamsFuzzTest {
    private static final int CASES = 2_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final String PARAMS =
            "{\"dim\": 32, \"n_layers\": 2, \"head_dim\": 16, \"hidden_dim\": 48, \"n_heads\": 4, "
                    + "\"n_kv_heads\": 2, \"rope_theta\": 1000000.0, \"norm_eps\": 1e-05, \"vocab_size\": 320, \"tied_embeddings\": false, "
                    + "\"max_position_embeddings\": 4096, \"sliding_window\": %s, \"use_biases\": false, \"causal\": true, "
                    + "\"yarn\": {\"factor\": 4.0, \"beta\": 32.0, \"alpha\": 1.0, \"original_max_position_embeddings\": 1024, "
                    + "\"apply_scale\": false}, \"quantization\": {\"qformat_weight\": \"fp8_e4m3\"}, %s}";
    private static final List<String> FORMS = List.of(
            String.format(PARAMS, "null", "\"moe\": {\"num_experts\": 4, \"num_experts_per_tok\": 2}"),
            String.format(PARAMS, "[64, null]", "\"activation\": \"silu\""),
            String.format(
                    PARAMS,
                    "null",
                    "\"llama_4_scaling\": {\"original_max_position_embeddings\": 1024, \"beta\": 0.1}"));
    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "0",
        "1",
        "2147483647",
        "2147483648",
        "99999999999999999999999",
        "1e999",
        "-0.0",
        "NaN",
        "3.5",
        "\"\"",
        "\"x\"",
        "\"1\"",
        "\"\\u0000\\ud800\"",
        "[]",
        "[1]",
        "[null]",
        "{}",
        "[[[[]]]]",
        "[" + "1,".repeat(50_000) + "1]",
        "\"" + "A".repeat(4000) + "\"",
        "[".repeat(2000) + "]".repeat(2000),
        "9".repeat(200_000)
    };
    private static final Pattern VALUE =
            Pattern.compile("(?<=: )(\"[^\"]*\"|-?[0-9.e-]+|true|false|null|\\[[^\\]]*]|\\{[^{}]*})");

    @TempDir
    Path folder;

    private static byte[] damaged(String text, Random random) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(40));
        switch (random.nextInt(8)) {
            case 0 -> text = text.substring(0, from);
            case 1 -> {
                byte[] made = text.getBytes(StandardCharsets.UTF_8);
                for (int i = random.nextInt(5); i >= 0; i--)
                    made[random.nextInt(made.length)] ^= (byte) (1 << random.nextInt(8));
                return made;
            }
            case 2 -> text = text.substring(0, from) + text.substring(from, to) + text.substring(from);
            case 3 -> text = text.substring(0, from) + text.substring(to);
            default -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    List<MatchResult> values = VALUE.matcher(text).results().toList();
                    MatchResult value = values.get(random.nextInt(values.size()));
                    text = text.substring(0, value.start())
                            + VALUES[random.nextInt(VALUES.length)]
                            + text.substring(value.end());
                }
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void aDamagedFileStatesAShapeOrIsOneLine() throws IOException {
        Random random = new Random(13);
        byte[] header = "{}      ".getBytes(StandardCharsets.UTF_8);
        ByteBuffer empty = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                folder.resolve("consolidated.safetensors"),
                empty.putLong(header.length).put(header).array());
        for (String form : FORMS) {
            Files.writeString(folder.resolve("params.json"), form);
            assertTrue(Checkpoint.config(folder).parameters() > 0);
        }
        int read = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] file = damaged(FORMS.get(i % FORMS.size()), random);
            Files.write(folder.resolve("params.json"), file);
            long before = allocated();
            try {
                assertTrue(Checkpoint.config(folder).parameters() > 0);
                read++;
                // Nothing in the file of weights: the first tensor of the shape is missing.
                oneLine(assertThrows(BadInputException.class, () -> Checkpoint.read(folder, 0)));
            } catch (BadInputException e) {
                oneLine(e);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "case " + i + ": " + new String(Arrays.copyOf(file, Math.min(900, file.length))), e);
            }
            long bytes = allocated() - before;
            assertTrue(bytes < MOST_BYTES, "case " + i + " allocated " + bytes + " bytes");
        }
        assertTrue(read > CASES / 20 && read < CASES / 2, read + " of " + CASES + " read");
    }

    private void oneLine(BadInputException e) {
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
        assertTrue(e.getMessage().length() < 700, e.getMessage());
    }
}
