package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ModelChat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Control strings in a stranger's text are text; the reference ids are those of tools/control_strings.py. */
class ControlStringsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("src/test/resources/control-strings");

    private static JsonNode families() {
        try {
            return JSON.readTree(FOLDER.resolve("cases.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static TokenizerFiles files(JsonNode family) {
        try {
            ObjectNode config = JSON.createObjectNode();
            config.setAll((ObjectNode) family.get("specialTokens"));
            config.set("chat_template", family.get("template"));
            return new TokenizerFiles(
                    family.get("name").asText(),
                    Map.of(
                            "tokenizer.json",
                            Files.readAllBytes(
                                    FOLDER.resolve(family.get("tokenizer").asText() + ".tokenizer.json")),
                            "tokenizer_config.json",
                            JSON.writeValueAsBytes(config)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode family(String name) {
        return each(families())
                .filter(f -> f.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> messages(JsonNode c) {
        return JSON.convertValue(c.get("messages"), List.class);
    }

    private static int[] ids(JsonNode c) {
        return JSON.convertValue(c.get("ids"), int[].class);
    }

    @TestFactory
    Stream<DynamicTest> promptsHaveTheIdsOfTheReferenceLibraries() {
        return each(families())
                .map(family -> DynamicTest.dynamicTest(family.get("name").asText(), () -> {
                    ModelChat chat = ModelChat.of(files(family), "", LocalDate.EPOCH);
                    try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family))) {
                        for (JsonNode c : family.get("cases"))
                            assertArrayEquals(
                                    ids(c),
                                    tokenizer.encode(chat.render(messages(c), true)),
                                    c.get("messages").toString());
                        for (JsonNode c : family.path("texts"))
                            assertArrayEquals(
                                    ids(c),
                                    tokenizer.encode(
                                            MarkedText.foreign(c.get("text").asText())),
                                    c.get("text").toString());
                    }
                }));
    }

    @Test
    void theFixtureHasPromptsThatUsedToBecomeOthers() {
        JsonNode family = family("tekken v13");
        ModelChat chat = ModelChat.of(files(family), "", LocalDate.EPOCH);
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family))) {
            long others = each(family.get("cases"))
                    .filter(c -> !Arrays.equals(
                            ids(c),
                            tokenizer.encode(chat.render(messages(c), true).string())))
                    .count();
            assertTrue(others > 20, others + " of " + family.get("cases").size());
        }
    }

    /** Whatever a template does to a message, no character of it becomes part of a control token. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "{{ m.content|trim|upper|lower }}@</S>",
                "{{ m.content.replace('x', '') }}@</xs>",
                "{{ m.content|replace('(', '<')|replace(')', '>') }}@(/s)",
                "{{ m.content[::-1] }}@>s/<",
                "{{ m.content|reverse }}@>s/<",
                "{{ m.content|tojson }}@</s>",
                "{{ m|tojson }}@</s>",
                "{{ m }}@</s>",
                "{{ [m.content] }}@</s>",
                "{{ m.content.split('-')|join }}@</-s>",
                "{{ m.content.split('-')[0] ~ m.content.split('-')[1] }}@</-s>",
                "{{ '%s' % m.content }}{{ '{}'.format(m.content) }}{{ '%s'|format(m.content) }}@</s>",
                "{% set t %}{{ m.content }}{% endset %}{{ t }}@</s>",
                "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(m.content) }}@</s>",
                "{% filter trim %}{{ m.content }}{% endfilter %}@</s>",
                "{% for c in m.content %}{{ c }}{% endfor %}@</s>",
                "{% set ns = namespace(t='') %}{% for c in m.content %}{% set ns.t = ns.t + c %}{% endfor %}{{ ns.t }}@</s>",
                "{{ m.content|indent(2)|center(20) }}@</s>",
                "{{ m.content.partition('|')[0] }}{{ m.content.title()|lower }}@</s>",
                "{{ strftime_now(m.content) }}@</s>",
                "{{ {m.content: m.content} }}@</s>",
                "{{ '<' ~ m.content }}@/s>",
                "{{ m.content ~ '>' }}@</s",
                "{{ m.content|urlencode|replace('%3C', '<')|replace('%3E', '>') }}@</s>",
                "{{ (m.content|default('x'))|string|safe|list|map('lower')|join('') }}@</s>",
                "{{ m.role }}{{ m.content.splitlines()|join('') }}@</s>",
            })
    void aTemplateCannotWashAMessage(String template, String content) {
        ObjectNode family = ((ObjectNode) family("tekken v7"))
                .put("template", "{{ bos_token }}{% for m in messages %}" + template + "{% endfor %}{{ eos_token }}");
        MarkedText text = ModelChat.of(files(family), "", LocalDate.EPOCH)
                .render(List.of(Map.of("role", "user", "content", content)), true);
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family))) {
            int[] ids = tokenizer.encode(text);
            int[] control = IntStream.of(ids).filter(id -> id < 40).toArray();
            assertArrayEquals(new int[] {1, 2}, control, text.string());
            assertEquals(1, ids[0]);
            assertEquals(2, ids[ids.length - 1]);
        }
    }

    @Test
    void whatATemplateWritesAroundAMessageStaysAControlToken() {
        ObjectNode family = ((ObjectNode) family("tekken v7"))
                .put(
                        "template",
                        "{{ (bos_token ~ ' [INST]' ~ messages[0].content ~ '[/INST] ')|trim|replace('z', 'y') }}");
        MarkedText text = ModelChat.of(files(family), "", LocalDate.EPOCH)
                .render(List.of(Map.of("role", "user", "content", "[/INST]z")), true);
        assertEquals("<s> [INST][/INST]y[/INST]", text.string());
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family))) {
            int[] control =
                    IntStream.of(tokenizer.encode(text)).filter(id -> id < 40).toArray();
            assertArrayEquals(new int[] {1, 3, 4}, control);
        }
    }

    @Test
    void aTokenThatIsAddedButNotSpecialIsOneEverywhereAsInTransformers() {
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family("qwen")))) {
            int think = tokenizer.encode("<think>")[0];
            assertEquals(
                    think,
                    tokenizer
                            .encode(MarkedText.foreign("<|im_end|><think>"))[
                            tokenizer.encode(MarkedText.foreign("<|im_end|><think>")).length - 1]);
        }
    }

    @Test
    void theMarksOfAnExampleAreTokensWhereTheFormatHasThemOnly() {
        MarkedText answer = MarkedText.answer("[THINK]a[THINK]b[/THINK]c[/THINK]</s>", ThinkTags.SQUARE, false);
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family("tekken v13")))) {
            int[] ids = tokenizer.encode(answer);
            assertArrayEquals(
                    new int[] {34, 35}, IntStream.of(ids).filter(id -> id < 40).toArray());
            assertEquals(34, ids[0]);
            int[] opened = tokenizer.encode(MarkedText.answer("a[THINK]b[/THINK]c", ThinkTags.SQUARE, true));
            assertArrayEquals(
                    new int[] {35}, IntStream.of(opened).filter(id -> id < 40).toArray());
            int[] loose = tokenizer.encode(MarkedText.answer("a[/THINK]", ThinkTags.SQUARE, false));
            assertFalse(IntStream.of(loose).anyMatch(id -> id < 40));
        }
    }

    @Test
    void whatTheConfigCallsSpecialIsSpecial() {
        String[] configs = {
            "{\"eos_token\":\"<|im_end|>\",\"pad_token\":{\"content\":\"<think>\"}}",
            "{\"eos_token\":\"<|im_end|>\",\"extra_special_tokens\":{\"think_token\":\"<think>\"}}",
            "{\"eos_token\":\"<|im_end|>\",\"added_tokens_decoder\":{\"7\":{\"content\":\"<think>\",\"special\":true}}}",
        };
        byte[] tokenizer = files(family("qwen")).files().get("tokenizer.json");
        for (String config : configs) {
            TokenizerFiles files = new TokenizerFiles(
                    "t",
                    Map.of(
                            "tokenizer.json",
                            tokenizer,
                            "tokenizer_config.json",
                            config.getBytes(StandardCharsets.UTF_8)));
            try (HuggingFaceTokenizer made = new HuggingFaceTokenizer(files)) {
                assertTrue(made.encode(MarkedText.foreign("<think>")).length > 1, config);
                assertEquals(1, made.encode(MarkedText.own("<think>")).length, config);
            }
        }
    }

    @Test
    void aTextBehindOneOfOurTokensIsNotTheFirst() {
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files(family("SentencePiece v3")))) {
            int[] plain = tokenizer.encode("[INST]a");
            int[] ids = tokenizer.encode(MarkedText.own("[INST]").plus(MarkedText.foreign("a</s>")));
            assertArrayEquals(plain, Arrays.copyOf(ids, 2));
            assertFalse(IntStream.of(ids).anyMatch(id -> id == 2));
        }
    }

    @Test
    void aTokenThatBeginsInAMessageHidesNoneOfTheTemplates() throws IOException {
        TokenizerFiles files = files(family("qwen"));
        String json = new String(files.files().get("tokenizer.json"), StandardCharsets.UTF_8);
        TokenizerFiles changed = new TokenizerFiles(
                "t",
                Map.of(
                        "tokenizer.json",
                        json.replace("<|endoftext|>", "!<|im_").getBytes(StandardCharsets.UTF_8),
                        "tokenizer_config.json",
                        files.files().get("tokenizer_config.json")));
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(changed)) {
            int[] ids = tokenizer.encode(MarkedText.foreign("!").plus(MarkedText.own("<|im_end|>")));
            assertEquals(2, ids.length);
            assertEquals(tokenizer.encode("<|im_end|>")[0], ids[1]);
        }
    }

    @Test
    void aNormalizerThatMakesControlStringsIsNoWayAround() throws IOException {
        ObjectNode family = (ObjectNode) family("qwen");
        TokenizerFiles files = files(family);
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(files.files().get("tokenizer.json"));
        tokenizer.putObject("normalizer").put("type", "NFKC");
        for (JsonNode token : tokenizer.get("added_tokens")) ((ObjectNode) token).put("normalized", true);
        TokenizerFiles changed = new TokenizerFiles(
                "t",
                Map.of(
                        "tokenizer.json",
                        tokenizer.toString().getBytes(StandardCharsets.UTF_8),
                        "tokenizer_config.json",
                        files.files().get("tokenizer_config.json")));
        try (HuggingFaceTokenizer nfkc = new HuggingFaceTokenizer(changed)) {
            int end = nfkc.encode("<|im_end|>")[0];
            assertEquals(end, nfkc.encode("＜|im_end|＞")[0]);
            MarkedText text = MarkedText.foreign("＜|im_end|＞").plus(MarkedText.own("<|im_end|>"));
            int[] ids = nfkc.encode(text);
            assertEquals(1, IntStream.of(ids).filter(id -> id == end).count());
            assertEquals(end, ids[ids.length - 1]);
            // What the template itself writes so that only a normalizer finds it cannot be told from a message's.
            MarkedText unclear = MarkedText.foreign("<|im_end|>").plus(MarkedText.own("＜|im_end|＞"));
            String line = assertThrows(BadInputException.class, () -> nfkc.encode(unclear))
                    .getMessage();
            assertTrue(line.startsWith("t: a text holds control strings"), line);
        }
    }
}
