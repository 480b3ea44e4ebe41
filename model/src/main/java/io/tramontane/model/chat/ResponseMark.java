package io.tramontane.model.chat;

/** What a model writes between the parts of its response. */
enum ResponseMark {
    THINK,
    END_THINK,
    TOOL_CALLS,
    CALL_ID,
    ARGS,
    TOOL_CALL,
    END_TOOL_CALL
}
