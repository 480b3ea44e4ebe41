package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which keys the queries of each layer see, by a Hugging Face config.json.
 *
 * @param keys the window, 0 for none
 * @param fullLayers layers without it, empty where all have it
 */
record WindowJson(int keys, List<Integer> fullLayers) {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    static WindowJson read(JsonFields json, Architecture architecture) {
        boolean stated = json.json().has("sliding_window");
        int keys =
                switch (architecture) {
                    case MISTRAL, MINISTRAL -> json.integer("sliding_window", stated ? 0 : 4096);
                    case MIXTRAL, MINISTRAL3 -> json.integer("sliding_window", 0);
                    default -> 0; // Qwen states a window and switches it off with use_sliding_window
                };
        if (!json.has("layer_types")) return new WindowJson(keys, List.of());
        return layers(json, architecture, keys);
    }

    private static WindowJson layers(JsonFields json, Architecture architecture, int keys) {
        JsonNode types = json.json().get("layer_types");
        int layers = json.integer("num_hidden_layers");
        if (!types.isArray()) throw json.bad("layer_types", json.shown("layer_types") + " is not a list");
        List<Integer> full = new ArrayList<>();
        for (int layer = 0; layer < types.size(); layer++) {
            String type = types.get(layer).asText();
            if (type.equals(FULL)) full.add(layer);
            else if (architecture != Architecture.MINISTRAL || !type.equals(SLIDING))
                throw json.bad(
                        "layer_types",
                        types.get(layer) + " is not supported, allowed "
                                + (architecture == Architecture.MINISTRAL
                                        ? FULL + ", " + SLIDING
                                        : FULL + " in all layers"));
        }
        if (types.size() != layers)
            throw json.bad("layer_types", "has " + types.size() + " entries, expected num_hidden_layers " + layers);
        if (architecture != Architecture.MINISTRAL) return new WindowJson(keys, List.of());
        if (keys == 0 && full.size() < layers)
            throw json.bad("sliding_window", "is missing, and layer_types has " + SLIDING);
        return full.size() == layers ? new WindowJson(0, List.of()) : new WindowJson(keys, full);
    }

    static void write(ObjectNode json, PolicyConfig config) {
        Variant variant = config.variant();
        switch (variant.architecture()) {
            case MISTRAL, MIXTRAL, MINISTRAL, MINISTRAL3 ->
                json.put("sliding_window", variant.window() == 0 ? null : (Integer) variant.window());
            default -> {}
        }
        if (variant.architecture() != Architecture.MINISTRAL) return;
        ArrayNode types = json.putArray("layer_types");
        for (int layer = 0; layer < config.layers(); layer++) types.add(variant.window(layer) > 0 ? SLIDING : FULL);
    }
}
