package io.tramontane.model.chat;

/** A tool; its parameters are a JSON schema as text. */
public record Tool(String name, String description, String parameters) {}
