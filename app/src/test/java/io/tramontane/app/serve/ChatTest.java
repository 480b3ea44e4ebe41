package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.model.ModelFolder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Chats and completions with the tiny policy, over HTTP. */
class ChatTest {
    private static final String APPLES = "Emma has 4 apples. Then she gets 3 more. How many apples does Emma have now?";
    private static final String TOOLS = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\"}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"add_all\",\"description\":\"d\"}}]";

    private static TestServer tiny;

    @BeforeAll
    static void start() throws IOException {
        tiny = new TestServer(ModelFolder.resolve("builtin:tiny"), 4, 8, "");
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    @Test
    void anAnswerHasThoughtsAndContentApart() throws Exception {
        JsonNode answer = tiny.ask(APPLES, "\"temperature\":0");
        JsonNode message = answer.path("choices").path(0).path("message");
        assertTrue(message.path("content").textValue().contains("\\boxed{7}"), answer.toString());
        assertTrue(message.path("reasoning_content").textValue().contains("4+3=7"), answer.toString());
        assertEquals(message.path("reasoning_content"), message.path("reasoning"));
        assertFalse(answer.toString().contains("think>"), answer.toString());
        assertEquals(
                "stop", answer.path("choices").path(0).path("finish_reason").textValue());
        assertEquals("policy-0", answer.path("system_fingerprint").textValue());
        JsonNode usage = answer.path("usage");
        assertEquals(
                usage.path("total_tokens").asInt(),
                usage.path("prompt_tokens").asInt()
                        + usage.path("completion_tokens").asInt());
    }

    @Test
    void aStreamIsRoleThenThoughtsThenContentThenReasonThenUsageThenDone() throws Exception {
        String body = tiny.post(
                        "/v1/chat/completions",
                        TestServer.chat(
                                APPLES,
                                "\"temperature\":0,\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
                .body();
        assertTrue(body.endsWith("\n\ndata: [DONE]\n\n"), body);
        List<JsonNode> chunks = TestServer.chunks(body);
        assertEquals(
                "{\"role\":\"assistant\",\"content\":\"\"}",
                chunks.get(0).path("choices").path(0).path("delta").toString());
        StringBuilder kinds = new StringBuilder();
        StringBuilder content = new StringBuilder();
        for (JsonNode chunk : chunks.subList(1, chunks.size() - 2)) {
            JsonNode delta = chunk.path("choices").path(0).path("delta");
            assertTrue(delta.has("content") != delta.has("reasoning_content"), delta.toString());
            assertEquals(delta.path("reasoning_content"), delta.path("reasoning"));
            kinds.append(delta.has("content") ? 'c' : 'r');
            content.append(delta.path("content").asText());
        }
        assertTrue(kinds.toString().matches("r+c+"), kinds.toString());
        JsonNode last = chunks.get(chunks.size() - 2).path("choices").path(0);
        assertEquals("{}", last.path("delta").toString());
        assertEquals("stop", last.path("finish_reason").textValue());
        JsonNode usage = chunks.get(chunks.size() - 1);
        assertEquals("[]", usage.path("choices").toString());
        assertTrue(usage.path("usage").path("completion_tokens").asInt() > 10, usage.toString());
        JsonNode whole = tiny.ask(APPLES, "\"temperature\":0");
        assertEquals(
                whole.path("choices").path(0).path("message").path("content").textValue(), content.toString());
    }

    @Test
    void aSeedRepeatsAndChoicesDiffer() throws Exception {
        String fields = "\"temperature\":1,\"seed\":7,\"n\":3,\"max_tokens\":24";
        JsonNode choices = tiny.ask(APPLES, fields).path("choices");
        assertEquals(choices, tiny.ask(APPLES, fields).path("choices"));
        assertEquals(3, choices.size());
        assertEquals(2, choices.path(2).path("index").asInt());
        assertFalse(choices.path(0).path("message").equals(choices.path(1).path("message")), choices.toString());
    }

    @Test
    void anAnswerEndsBeforeAStopStringAlsoInAStream() throws Exception {
        JsonNode whole = tiny.ask(APPLES, "\"temperature\":0,\"stop\":[\"boxed{\"]");
        String content =
                whole.path("choices").path(0).path("message").path("content").textValue();
        assertTrue(content.endsWith("\\") && !content.contains("boxed"), content);
        String stream = tiny.post(
                        "/v1/chat/completions",
                        TestServer.chat(APPLES, "\"temperature\":0,\"stop\":\"boxed{\",\"stream\":true"))
                .body();
        StringBuilder told = new StringBuilder();
        for (JsonNode chunk : TestServer.chunks(stream))
            told.append(
                    chunk.path("choices").path(0).path("delta").path("content").asText());
        assertEquals(content, told.toString());
    }

    @Test
    void logprobsAreThoseOfTheTokensLikeliestFirst() throws Exception {
        JsonNode choice = tiny.ask(APPLES, "\"temperature\":0,\"logprobs\":true,\"top_logprobs\":2,\"max_tokens\":5")
                .path("choices")
                .path(0);
        JsonNode content = choice.path("logprobs").path("content");
        assertEquals(5, content.size(), choice.toString());
        for (JsonNode token : content) {
            assertTrue(token.path("logprob").doubleValue() <= 0);
            assertEquals(2, token.path("top_logprobs").size());
            assertEquals(token.path("token"), token.path("top_logprobs").path(0).path("token"));
            assertEquals(
                    token.path("logprob"), token.path("top_logprobs").path(0).path("logprob"));
        }
        assertEquals("length", choice.path("finish_reason").textValue());
    }

    @Test
    void aJsonObjectIsOne() throws Exception {
        int whole = 0;
        for (int seed = 0; seed < 12; seed++) {
            JsonNode choice = tiny.ask(APPLES, "\"response_format\":{\"type\":\"json_object\"},\"seed\":" + seed)
                    .path("choices")
                    .path(0);
            if (!choice.path("finish_reason").asText().equals("stop")) continue;
            whole++;
            assertTrue(
                    new ObjectMapper()
                            .readTree(choice.path("message").path("content").textValue())
                            .isObject(),
                    choice.toString());
        }
        assertTrue(whole > 3, whole + " of 12 ended");
    }

    @Test
    void aToolThatMustBeCalledIsCalled() throws Exception {
        String named = "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"add\"}}";
        int called = 0;
        for (int seed = 0; seed < 12; seed++) {
            for (String choice : List.of(named, "\"tool_choice\":\"required\"")) {
                JsonNode answer = tiny.ask(APPLES, TOOLS + "," + choice + ",\"seed\":" + seed)
                        .path("choices")
                        .path(0);
                if (answer.path("finish_reason").asText().equals("length")) continue;
                called++;
                assertEquals("tool_calls", answer.path("finish_reason").textValue(), answer.toString());
                JsonNode call = answer.path("message").path("tool_calls").path(0);
                assertTrue(call.path("function").path("name").textValue().matches("add|add_all"), answer.toString());
                assertTrue(
                        new ObjectMapper()
                                .readTree(
                                        call.path("function").path("arguments").textValue())
                                .isObject(),
                        answer.toString());
                assertFalse(call.path("id").textValue().isEmpty());
                assertTrue(answer.path("message").path("content").isNull(), answer.toString());
            }
        }
        assertTrue(called > 6, called + " of 24 ended");
    }

    @Test
    void completionsContinueTextsAndTokens() throws Exception {
        JsonNode two = TestServer.json(tiny.post(
                        "/v1/completions",
                        "{\"prompt\":[\"" + APPLES + "\\n\",\"" + APPLES
                                + "\\n\"],\"temperature\":0,\"max_tokens\":60}")
                .body());
        assertEquals(2, two.path("choices").size(), two.toString());
        String text = two.path("choices").path(0).path("text").textValue();
        assertTrue(text.startsWith("<think>") && text.contains("\\boxed{7}"), text);
        assertEquals(text, two.path("choices").path(1).path("text").textValue());
        JsonNode ids = TestServer.json(
                tiny.post("/v1/completions", "{\"prompt\":[300,301],\"max_tokens\":3,\"temperature\":0,\"logprobs\":1}")
                        .body());
        JsonNode logprobs = ids.path("choices").path(0).path("logprobs");
        assertEquals(2, ids.path("usage").path("prompt_tokens").asInt());
        for (String name : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset"))
            assertEquals(3, logprobs.path(name).size(), ids.toString());
    }

    @Test
    void aStreamedCompletionIsTheWholeOne() throws Exception {
        String body = "{\"prompt\":\"" + APPLES + "\\n\",\"temperature\":0,\"max_tokens\":60";
        String whole = TestServer.json(tiny.post("/v1/completions", body + "}").body())
                .path("choices")
                .path(0)
                .path("text")
                .textValue();
        StringBuilder told = new StringBuilder();
        HttpResponse<String> stream = tiny.post("/v1/completions", body + ",\"stream\":true}");
        for (JsonNode chunk : TestServer.chunks(stream.body()))
            told.append(chunk.path("choices").path(0).path("text").asText());
        assertEquals(whole, told.toString());
        assertEquals(
                "text/event-stream; charset=utf-8",
                stream.headers().firstValue("content-type").orElse(""));
    }
}
