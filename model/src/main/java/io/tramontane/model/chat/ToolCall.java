package io.tramontane.model.chat;

/**
 * A call of a tool, as a model wrote it.
 *
 * @param id names the call, so that a tool's result can be told to belong to it
 * @param name of the tool
 * @param arguments JSON text
 */
public record ToolCall(String id, String name, String arguments) {}
