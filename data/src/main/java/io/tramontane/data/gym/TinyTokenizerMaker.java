package io.tramontane.data.gym;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import io.tramontane.data.MarkedText;
import io.tramontane.data.SftExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the tiny policy's {@code tokenizer.json}; run by hand: {@code TinyTokenizerMaker FOLDER}. The vocabulary is the
 * words of the gym's own traces with the space before them, one token for each digit, and the 256
 * bytes, which cover all other text. All pieces score alike, so that the best cut is the one with the fewest tokens; the
 * names of the bytes score far less, so that a text that spells {@code <0x41>} is still cut into its characters.
 */
public final class TinyTokenizerMaker {
    static final String END = "<|end|>";
    private static final String UNKNOWN = "<unk>";
    /** Two Chinese characters that the gym uses as one word. */
    private static final String CHINESE_WORDS = "然后|后来|多了|少了|变成|两倍|三倍|现在|最后|多少|一开始|原来|数量|答案|应该|觉得|大概|苹果|硬币"
            + "|小红|小明|小丽|小刚|小华|得到|找到|送给|朋友|丢了|增加|程序|整数|读入|输出|结果|这个";
    /** A comma belongs to the next word; a space before a number or a box belongs to the word before it. */
    private static final Pattern PIECE = Pattern.compile(
            "\n|```|</?think>|\\\\boxed\\{|,? ?[\\p{L}&&[^\\p{IsHan}]]+(?: (?=[0-9\\\\]))?|，所以|" + CHINESE_WORDS + "|.",
            Pattern.DOTALL);

    private static final int EXAMPLES = 20_000;
    private static final double SCORE = -1;
    private static final double BYTE_SCORE = -100;

    private TinyTokenizerMaker() {}

    /** Writes tokenizer.json and tokenizer_config.json into the folder that is the only argument. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
        Files.writeString(folder.resolve("tokenizer_config.json"), config());
    }

    /** All pieces of text, bytes and marks apart, in the order of their ids. */
    static List<String> pieces() {
        GymConfig gym = new GymConfig(
                GymConfig.defaults().languages(),
                GymConfig.defaults().levelWeights(),
                List.of(ChainFamily.NAME),
                0.2,
                List.of("python"),
                2,
                List.of(CodeFamily.NAME));
        GymTraces traces = new GymTraces(
                gym, TraceConfig.defaults(), problem -> MarkedText.foreign(problem.statement() + "\n"), 1);
        Set<String> pieces = new TreeSet<>();
        for (int i = 0; i < EXAMPLES; i++) {
            SftExample example = traces.get(i, i % 2);
            Matcher piece = PIECE.matcher(example.prompt() + example.completion());
            while (piece.find()) pieces.add(piece.group());
        }
        for (char printable = ' '; printable <= '~'; printable++) pieces.add(String.valueOf(printable));
        pieces.removeAll(List.of("<think>", "</think>"));
        return List.copyOf(new LinkedHashSet<>(pieces));
    }

    public static String tokenizer() throws IOException {
        ObjectMapper json = JsonReading.mapper();
        ObjectNode root = json.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        addedToken(added, 1, END, true);
        addedToken(added, 2, "<think>", false);
        addedToken(added, 3, "</think>", false);
        root.putNull("normalizer").putNull("pre_tokenizer").putNull("post_processor");
        ObjectNode decoder = root.putObject("decoder").put("type", "Sequence");
        ArrayNode decoders = decoder.putArray("decoders");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        ObjectNode model =
                root.putObject("model").put("type", "Unigram").put("unk_id", 0).put("byte_fallback", true);
        ArrayNode vocabulary = model.putArray("vocab");
        for (String mark : List.of(UNKNOWN, END, "<think>", "</think>")) entry(vocabulary, mark, BYTE_SCORE);
        for (int i = 0; i < 256; i++) entry(vocabulary, String.format(Locale.ROOT, "<0x%02X>", i), BYTE_SCORE);
        for (String piece : pieces()) entry(vocabulary, piece, SCORE);
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    static String config() throws IOException {
        ObjectMapper json = JsonReading.mapper();
        ObjectNode root = json.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("eos_token", END)
                .put("unk_token", UNKNOWN)
                .put("clean_up_tokenization_spaces", false);
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void addedToken(ArrayNode added, int id, String content, boolean special) {
        added.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special);
    }

    private static void entry(ArrayNode vocabulary, String piece, double score) {
        vocabulary.addArray().add(piece).add(score);
    }
}
