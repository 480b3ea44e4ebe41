package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A tiny random model that tools/model-fixtures.py made with transformers, and what transformers computes with it. */
record Fixture(Path model, JsonNode expected) {
    /** One of each architecture. */
    static Stream<String> folders() {
        return Stream.of(
                "llama2",
                "llama3",
                "mistral",
                "qwen2",
                "qwen3",
                "smollm2",
                "mixtral",
                "mistral3",
                "ministral",
                "ministral3",
                "pixtral",
                "yarn",
                "longrope");
    }

    static Fixture folder(String name) {
        Path folder = resources().resolve(name);
        return new Fixture(folder, json(folder.resolve("expected.json")));
    }

    static Fixture gguf(String name) {
        return new Fixture(resources().resolve(name + ".gguf"), json(resources().resolve(name + ".gguf.json")));
    }

    static Path resources() {
        try {
            return Path.of(Fixture.class.getResource("/models").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int[] integers(JsonNode list) {
        int[] integers = new int[list.size()];
        for (int i = 0; i < integers.length; i++) integers[i] = list.get(i).intValue();
        return integers;
    }

    static float[] reals(JsonNode list) {
        float[] reals = new float[list.size()];
        for (int i = 0; i < reals.length; i++) reals[i] = list.get(i).floatValue();
        return reals;
    }

    int[] sequence() {
        return integers(expected.get("sequence"));
    }

    /** Of every token after the first. */
    float[] logprobs() {
        return reals(expected.get("logprobs"));
    }
}
