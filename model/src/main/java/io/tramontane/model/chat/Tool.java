package io.tramontane.model.chat;

/**
 * A tool that a model may call.
 *
 * @param name of the function
 * @param description what it does, empty for none
 * @param parameters JSON schema of its arguments, as JSON text
 */
public record Tool(String name, String description, String parameters) {}
