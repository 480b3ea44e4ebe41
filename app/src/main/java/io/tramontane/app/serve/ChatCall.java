package io.tramontane.app.serve;

import io.tramontane.model.chat.Conversation;

/**
 * A request of {@code POST /v1/chat/completions}.
 *
 * @param conversation with the tools that the model is told about
 * @param jsonObject the answer must be one JSON object
 * @param manyCalls the answer may hold more than one tool call
 */
record ChatCall(
        Settings settings, Conversation conversation, ToolChoice choice, boolean jsonObject, boolean manyCalls) {}
