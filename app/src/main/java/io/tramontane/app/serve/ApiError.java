package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.http.Reply;

/** A request that is refused, in the form that OpenAI's clients turn into exceptions. The message is for the client. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String param;
    private final String code;

    private ApiError(int status, String type, String param, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    /** 400: a field with a wrong value; the message names it. */
    static ApiError field(String field, String message) {
        return new ApiError(400, "invalid_request_error", field, null, message);
    }

    /** 400: prompt and completion are longer than the context. */
    static ApiError context(String field, String message) {
        return new ApiError(400, "invalid_request_error", field, "context_length_exceeded", message);
    }

    /** 404: another model than the one that is served. */
    static ApiError model(String asked, String served) {
        return new ApiError(
                404,
                "invalid_request_error",
                "model",
                "model_not_found",
                "model " + Texts.shortened(asked) + " does not exist, allowed " + served);
    }

    /** Any other. */
    static ApiError of(int status, String message) {
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 403 -> "permission_error";
                    case 429 -> "rate_limit_error";
                    case 500, 503 -> "server_error";
                    default -> "invalid_request_error";
                };
        String code =
                switch (status) {
                    case 401 -> "invalid_api_key";
                    case 429 -> "rate_limit_exceeded";
                    default -> null;
                };
        return new ApiError(status, type, null, code, message);
    }

    int status() {
        return status;
    }

    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("error")
                .put("message", getMessage())
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return root;
    }

    /** As an answer; who is turned away because of load hears when to come again. */
    Reply reply() {
        Reply reply = Reply.json(status, Texts.bytes(json()));
        return status == 429 || status == 503 ? reply.with("Retry-After", "1") : reply;
    }
}
