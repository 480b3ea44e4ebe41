package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.app.http.RawClient;
import io.tramontane.model.ModelFolder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that are refused: the status, and a message that names the field. */
class RefusalsTest {
    private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    private static TestServer tiny;

    @BeforeAll
    static void start() throws IOException {
        tiny = new TestServer(ModelFolder.resolve("builtin:tiny"), 2, 2, "");
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    /** Bodies of chats, and words of the message. */
    private static final String[][] CHATS = {
        {"{}", "messages is missing"},
        {"[1]", "the body [...], allowed an object"},
        {"", "the body is missing"},
        {"{\"a\":1,\"a\":2}", "not JSON"},
        {"{} {}", "not JSON"},
        {
            "{\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}",
            "messages[0].role \"king\", allowed system, developer"
        },
        {"{\"messages\":[{\"role\":\"user\"}]}", "messages[0].content is missing"},
        {"{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "messages[0].tool_call_id is missing"},
        {
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
            "messages[0].content[0].type \"image_url\", allowed text, thinking"
        },
        {
            "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}]}",
            "messages[0].tool_calls[0].function.arguments \"{\", allowed JSON in a string"
        },
        {"{" + USER + ",\"temperature\":-1}", "temperature -1, allowed a number from 0 to 2"},
        {"{" + USER + ",\"temperature\":NaN}", "temperature NaN"},
        {"{" + USER + ",\"temperature\":\"1\"}", "temperature \"1\", allowed a number"},
        {"{" + USER + ",\"top_p\":0}", "top_p 0, allowed"},
        {"{" + USER + ",\"min_p\":1}", "min_p 1, allowed"},
        {"{" + USER + ",\"top_k\":-2}", "top_k -2, allowed a whole number from -1"},
        {"{" + USER + ",\"n\":0}", "n 0, allowed a whole number from 1 to 128"},
        {"{" + USER + ",\"seed\":1.5}", "seed 1.5, allowed a whole number"},
        {"{" + USER + ",\"max_tokens\":10000000}", "max_tokens 10000000, allowed 1 to "},
        {"{" + USER + ",\"max_completion_tokens\":0}", "max_completion_tokens 0, allowed"},
        {"{" + USER + ",\"stop\":[\"\"]}", "stop [...], allowed strings of 1 to 256 characters"},
        {"{" + USER + ",\"stop_token_ids\":[99999]}", "allowed token ids from 0 to 1048"},
        {"{" + USER + ",\"top_logprobs\":3}", "top_logprobs 3 needs logprobs true"},
        {"{" + USER + ",\"stream_options\":{}}", "stream_options is given, allowed only with stream true"},
        {"{" + USER + ",\"stream\":1}", "stream 1, allowed true or false"},
        {"{" + USER + ",\"frequency_penalty\":0.5}", "frequency_penalty 0.5 is not supported"},
        {"{" + USER + ",\"logit_bias\":{\"5\":1}}", "logit_bias {...} is not supported"},
        {"{" + USER + ",\"response_format\":{\"type\":\"json_schema\"}}", "\"json_schema\" is not supported"},
        {
            "{" + USER + ",\"response_format\":{\"type\":\"xml\"}}",
            "response_format.type \"xml\", allowed text, json_object"
        },
        {"{" + USER + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]}", "tools[0].function.name"
        },
        {"{" + USER + ",\"tool_choice\":\"required\"}", "tool_choice required needs tools"},
        {
            "{" + USER + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],"
                    + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}}",
            "tool_choice.function.name \"g\", allowed one of the tools: [f]"
        },
        {"{\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(400) + "\"}]}", "no room for an answer"},
    };

    @Test
    void aBadChatIs400AndTheMessageNamesTheField() throws Exception {
        List<String> faults = new ArrayList<>();
        for (String[] one : CHATS) {
            HttpResponse<String> answer = tiny.post("/v1/chat/completions", one[0]);
            JsonNode error = TestServer.json(answer.body()).path("error");
            boolean right = answer.statusCode() == 400
                    && error.path("message").asText().contains(one[1])
                    && error.path("type").asText().equals("invalid_request_error");
            if (!right) faults.add(one[0] + " -> " + answer.statusCode() + " " + answer.body());
        }
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void aBadPromptIs400() throws Exception {
        for (String prompt :
                List.of("\"\"", "[]", "[[]]", "[1,\"a\"]", "[99999]", "[-1]", "{}", "null", "[\"a\",[null]]"))
            assertEquals(
                    400,
                    tiny.post("/v1/completions", "{\"prompt\":" + prompt + "}").statusCode(),
                    prompt);
    }

    @Test
    void unknownPathsModelsAndMethods() throws Exception {
        assertEquals(404, tiny.get("/v2").statusCode());
        HttpResponse<String> model = tiny.post("/v1/chat/completions", "{\"model\":\"nope\"," + USER + "}");
        assertEquals(404, model.statusCode());
        assertEquals(
                "model nope does not exist, allowed tiny",
                TestServer.json(model.body()).path("error").path("message").asText());
        HttpResponse<String> method = tiny.get("/v1/chat/completions");
        assertEquals(405, method.statusCode());
        assertEquals("POST", method.headers().firstValue("allow").orElse(""));
        assertTrue(TestServer.json(method.body())
                .path("error")
                .path("message")
                .asText()
                .contains("GET"));
    }

    @Test
    void anotherMachinesPageIsTurnedAway() throws Exception {
        for (String headers : List.of("Host: evil.example", "Host: localhost\r\nOrigin: http://evil.example"))
            try (RawClient client = tiny.raw()) {
                String answer = client.send("GET /v1/models HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
                        .readAll();
                assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
            }
    }

    @Test
    void aBodyThatIsTooLargeIs413() throws Exception {
        try (RawClient client = tiny.raw()) {
            String answer = client.send(
                            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n")
                    .readAll();
            assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
            assertTrue(answer.contains("{\"error\":{\"message\":\"the body is larger than"), answer);
        }
    }

    @Test
    void withAKeyEveryPathOfTheApiNeedsIt() throws Exception {
        try (TestServer guarded = new TestServer(ModelFolder.resolve("builtin:tiny"), 2, 2, "sesame")) {
            assertEquals(200, guarded.get("/health").statusCode());
            for (String key : List.of("", "sesam", "sesame2"))
                assertEquals(401, guarded.withKey(key).get("/v1/models").statusCode(), key);
            assertEquals(200, guarded.withKey("sesame").get("/v1/models").statusCode());
            assertEquals(
                    401,
                    guarded.withKey("")
                            .post("/v1/chat/completions", "{" + USER + "}")
                            .statusCode());
        }
    }
}
