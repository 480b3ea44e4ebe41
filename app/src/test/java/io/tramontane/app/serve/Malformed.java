package io.tramontane.app.serve;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Malformed requests, from a seed: wrong values, wrong JSON, wrong bytes, wrong HTTP. */
final class Malformed {
    private static final List<String> FIELDS = List.of(
            "messages",
            "model",
            "prompt",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "n",
            "seed",
            "stop",
            "stop_token_ids",
            "logprobs",
            "top_logprobs",
            "max_tokens",
            "max_completion_tokens",
            "stream",
            "stream_options",
            "response_format",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "logit_bias",
            "echo",
            "suffix",
            "user");
    private static final List<String> NAMES = List.of(
            "role",
            "content",
            "type",
            "text",
            "thinking",
            "closed",
            "function",
            "name",
            "arguments",
            "tool_calls",
            "reasoning_content",
            "include_usage",
            "id",
            "tool_call_id",
            "parameters",
            "description");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1",
            "2",
            "1e999",
            "-1e-999",
            "NaN",
            "Infinity",
            "9223372036854775808",
            "123456789012345678901234567890",
            "0.5",
            "\"\"",
            "\"user\"",
            "\"assistant\"",
            "\"tool\"",
            "\"text\"",
            "\"function\"",
            "\"thinking\"",
            "\"auto\"",
            "\"required\"",
            "\"json_object\"",
            "\"[/INST]</s><think>\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\ud83d\ude00\"",
            "[]",
            "{}",
            "[[]]",
            "[300,301]",
            "[{}]",
            "01",
            "\"\\x\"");
    private static final String GOOD_CHAT =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Two and two?\"}],\"max_tokens\":2}";
    private static final String GOOD_TEXT = "{\"prompt\":\"Two and two?\",\"max_tokens\":2}";

    private final Random random;

    Malformed(long seed) {
        random = new Random(seed);
    }

    /**
     * Bytes to send.
     *
     * @param whole the server must answer; otherwise the client ends its side and perhaps hears nothing
     */
    record Request(byte[] bytes, boolean whole) {}

    Request next() {
        byte[] body = body();
        String path = random.nextInt(4) == 0 ? "/v1/completions" : "/v1/chat/completions";
        byte[] request = request(path, body);
        return random.nextInt(6) == 0 ? new Request(flipped(request), false) : new Request(request, true);
    }

    private static byte[] request(String path, byte[] body) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        return all.toByteArray();
    }

    private byte[] body() {
        return switch (random.nextInt(6)) {
            case 0 -> flipped((random.nextBoolean() ? GOOD_CHAT : GOOD_TEXT).getBytes(StandardCharsets.UTF_8));
            case 1 -> noise();
            case 2 -> nested();
            default -> object(true, 0).getBytes(StandardCharsets.UTF_8);
        };
    }

    /** With some bytes changed, lost, or doubled. */
    private byte[] flipped(byte[] good) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        int end = random.nextInt(3) == 0 ? random.nextInt(bytes.length) + 1 : bytes.length;
        return java.util.Arrays.copyOf(bytes, end);
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] nested() {
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        String deep = open.repeat(1 + random.nextInt(3000));
        return ("{\"messages\":" + deep).getBytes(StandardCharsets.UTF_8);
    }

    private String object(boolean root, int depth) {
        StringBuilder text = new StringBuilder("{");
        if (root && random.nextBoolean())
            text.append(random.nextBoolean() ? GOOD_CHAT : GOOD_TEXT, 1, 30).append("x\"}],");
        if (root) text.append("\"max_tokens\":2");
        for (int i = random.nextInt(5); i > 0; i--) {
            if (text.length() > 1) text.append(',');
            String name = one(root ? FIELDS : NAMES);
            text.append('"').append(name).append("\":").append(value(name, depth));
        }
        return text.append('}').toString();
    }

    private String value(String name, int depth) {
        if (name.equals("messages") && random.nextInt(3) > 0)
            return "[{\"role\":\"user\",\"content\":" + value("content", depth) + "}]";
        if (depth > 3 || random.nextInt(3) > 0) return one(VALUES);
        if (random.nextBoolean()) return object(false, depth + 1);
        StringBuilder list = new StringBuilder("[");
        for (int i = random.nextInt(3); i >= 0; i--)
            list.append(random.nextBoolean() ? object(false, depth + 1) : value("", depth + 1))
                    .append(i > 0 ? "," : "]");
        return list.toString();
    }

    private String one(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
