package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged or hostile tekken.json, tokenizer.model or SYSTEM_PROMPT.txt opens or is one line; never a crash, never much memory. */
class MistralTokenizerFuzzTest {
    private static final int CASES = 2_000;
    private static final long MOST_BYTES = 64L << 20; // allocated for one case; the small file itself needs about 2 MB
    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "0",
        "2147483648",
        "99999999999999999999999",
        "1e999",
        "NaN",
        "3.5",
        "\"\"",
        "\"x\"",
        "\"\\u0000\\ud800\"",
        "[]",
        "{}",
        "[[[[]]]]",
        "{\"rank\":0}",
        "\"" + "A".repeat(4000) + "\"",
        "[".repeat(2000) + "]".repeat(2000),
        "9".repeat(200_000),
        "\"" + "(a*)*".repeat(100) + "\""
    };
    private static final Pattern VALUE = Pattern.compile("(?<=: )(\"[^\"]*\"|-?\\d+|true|null)|\\{[^{}]*}");

    @TempDir
    Path folder;

    /** The bytes and 40 merges of the alphabet, as small as a file can be. */
    private static String small() {
        StringBuilder vocab = new StringBuilder();
        for (int rank = 0; rank < 296; rank++) {
            byte[] token = rank < 256
                    ? new byte[] {(byte) rank}
                    : new byte[] {(byte) ('a' + rank % 8), (byte) ('a' + rank / 8 % 8)};
            vocab.append(rank == 0 ? "" : ", ")
                    .append("{\"rank\": " + rank + ", \"token_bytes\": \""
                            + Base64.getEncoder().encodeToString(token) + "\", \"token_str\": null}");
        }
        String specials = "{\"rank\": 0, \"token_str\": \"<unk>\"}, {\"rank\": 1, \"token_str\": \"<s>\"}, "
                + "{\"rank\": 2, \"token_str\": \"</s>\", \"is_control\": true}, {\"rank\": 3, \"token_str\": \"[THINK]\"}";
        return "{\"config\": {\"pattern\": \"\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+\", \"num_vocab_tokens\": 296, "
                + "\"default_vocab_size\": 306, \"default_num_special_tokens\": 10, \"version\": \"v13\"}, \"vocab\": ["
                + vocab
                + "], \"special_tokens\": [" + specials + "]}";
    }

    private static byte[] damaged(byte[] file, boolean json, Random random) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return switch (random.nextInt(json ? 7 : 5)) {
            case 0 -> Arrays.copyOf(file, random.nextInt(file.length));
            case 1, 2 -> flipped(file, random);
            case 3 -> { // a part is there twice, perhaps elsewhere
                int from = random.nextInt(file.length);
                int to = Math.min(file.length, from + random.nextInt(60));
                int at = random.nextInt(file.length);
                yield bytes(text.substring(0, at) + text.substring(from, to) + text.substring(at));
            }
            case 4 -> {
                int from = random.nextInt(file.length);
                yield bytes(text.substring(0, from) + text.substring(Math.min(file.length, from + random.nextInt(60))));
            }
            default -> { // another value, in the short parts as often as in the vocabulary
                List<MatchResult> values = VALUE.matcher(text).results().toList();
                int most = random.nextBoolean() ? 8 : values.size();
                MatchResult value = values.get(
                        random.nextInt(4) == 0 ? values.size() - 1 - random.nextInt(4) : random.nextInt(most));
                yield bytes(text.substring(0, value.start())
                        + VALUES[random.nextInt(VALUES.length)]
                        + text.substring(value.end()));
            }
        };
    }

    private static byte[] flipped(byte[] file, Random random) {
        byte[] made = file.clone();
        for (int i = random.nextInt(6); i >= 0; i--)
            made[random.nextInt(made.length)] ^= (byte) (1 << random.nextInt(8));
        return made;
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** True if the folder's tokenizer can be used. */
    private boolean opens(String what) {
        long before = allocated();
        boolean opened = false;
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(folder)) {
            int[] ids = tokenizer.encode(MarkedText.foreign("Hello abcabc 12345 \u00e9 \uD83D\uDE00 [THINK]</s>"));
            tokenizer.decode(ids);
            tokenizer.decode(new int[] {-1, 0, 3, 2, 1_000_000});
            opened = true;
        } catch (BadInputException e) {
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
            assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
            assertTrue(e.getMessage().length() < 700, e.getMessage());
        }
        assertTrue(allocated() - before < MOST_BYTES, what + " allocated " + (allocated() - before) + " bytes");
        return opened;
    }

    @Test
    void damagedFilesOpenOrAreOneLine() throws IOException {
        Random random = new Random(13);
        byte[] tekken = bytes(small());
        byte[] model = Files.readAllBytes(Path.of("src/test/resources/mistral-tokenizers/spm/tokenizer.model.v7"));
        Files.write(folder.resolve("tekken.json"), tekken);
        assertTrue(opens("the whole file"));
        int opened = 0;
        for (int i = 0; i < CASES; i++) {
            boolean json = i % 10 < 8;
            Files.deleteIfExists(folder.resolve(json ? "tokenizer.model.v7" : "tekken.json"));
            Files.write(
                    folder.resolve(json ? "tekken.json" : "tokenizer.model.v7"),
                    damaged(json ? tekken : model, json, random));
            byte[] prompt = new byte[random.nextInt(20)];
            if (i % 10 == 7) random.nextBytes(prompt);
            Files.write(folder.resolve("SYSTEM_PROMPT.txt"), prompt);
            if (opens("case " + i)) opened++;
        }
        assertTrue(opened > 50 && opened < CASES / 2, opened + " of " + CASES + " opened");
    }

    @Test
    void filesThatAreMadeToBeLargeAreRefusedBeforeTheyAreRead() throws IOException {
        try (var file =
                new java.io.RandomAccessFile(folder.resolve("tekken.json").toFile(), "rw")) {
            file.setLength((64L << 20) + 1);
        }
        assertEquals(
                folder + "/tekken.json: 67108865 bytes, allowed 67108864",
                assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                        .getMessage());
    }

    /** What merging costs grows with the bytes of all tokens and with the longest one. */
    @Test
    void theBytesOfAllTokensAreBounded() throws IOException {
        StringBuilder vocab = new StringBuilder();
        Random random = new Random(1);
        for (int rank = 256; rank < 256 + 40_000; rank++) {
            byte[] token = new byte[256];
            random.nextBytes(token);
            vocab.append(", {\"rank\": " + rank + ", \"token_bytes\": \""
                    + Base64.getEncoder().encodeToString(token) + "\"}");
        }
        String json = small();
        int from = json.indexOf(", {\"rank\": 256");
        int to = json.indexOf("], \"special_tokens\"");
        Files.writeString(folder.resolve("tekken.json"), json.substring(0, from) + vocab + json.substring(to));
        assertEquals(
                folder + "/tekken.json: the tokens of vocab have more than 8388608 bytes",
                assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                        .getMessage());
    }
}
