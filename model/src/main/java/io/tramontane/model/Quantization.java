package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * How a checkpoint says that its matrices are stored in 8 bits. Floats of 8 bits (E4M3) are read as what they are, their
 * value times a scale; all other forms are refused by name. What the tensors themselves hold decides in {@link Fp8}.
 *
 * @param rows and columns: the block that shares a scale where scales are a matrix; 0 where the file states none
 */
record Quantization(int rows, int columns) {
    private static final Quantization PLAIN = new Quantization(0, 0);
    private static final String ALLOWED =
            " is not supported, allowed fp8, and compressed-tensors with floats of 8 bits";

    /** By {@code quantization_config} of a Hugging Face config.json; absent is plain. */
    static Quantization ofConfig(JsonFields config) {
        return config.has("quantization_config") ? of(config.object("quantization_config")) : PLAIN;
    }

    private static Quantization of(JsonFields json) {
        String method = json.text("quant_method", "").replace('_', '-');
        if (method.equals("fp8")) {
            json.only("fmt", "e4m3");
            return json.has("weight_block_size") ? block(json, "weight_block_size") : PLAIN;
        }
        if (method.equals("compressed-tensors")) return compressed(json);
        throw json.bad("quant_method", (method.isEmpty() ? "none" : json.shown("quant_method")) + ALLOWED);
    }

    private static Quantization compressed(JsonFields json) {
        String format = json.text("format", "");
        if (!format.equals("float-quantized") && !format.equals("naive-quantized"))
            throw json.bad("format", json.shown("format") + ALLOWED + ", float-quantized");
        Quantization found = PLAIN;
        JsonFields groups = json.object("config_groups");
        for (Map.Entry<String, JsonNode> group : groups.json().properties()) {
            JsonFields weights = groups.object(group.getKey()).object("weights");
            weights.only("num_bits", "8");
            weights.only("type", "float");
            String strategy = weights.text("strategy", "tensor");
            if (strategy.equals("block")) found = block(weights, "block_structure");
            else if (!strategy.equals("tensor") && !strategy.equals("channel"))
                throw weights.bad(
                        "strategy", weights.shown("strategy") + " is not supported, allowed tensor, channel, block");
        }
        return found;
    }

    private static Quantization block(JsonFields json, String key) {
        JsonNode sides = json.json().path(key);
        for (int side = 0; side < 2; side++)
            if (sides.size() != 2
                    || !sides.path(side).canConvertToInt()
                    || sides.path(side).intValue() < 1) throw json.bad(key, json.shown(key) + " is not two sizes >= 1");
        return new Quantization(sides.get(0).intValue(), sides.get(1).intValue());
    }

    /** By {@code quantization} of Mistral's params.json; absent is plain. */
    static Quantization ofParams(JsonFields params) {
        if (!params.has("quantization")) return PLAIN;
        JsonFields json = params.object("quantization");
        if (json.has("quant_method")) return of(json);
        if (!json.text("qformat_weight", "").equals("fp8_e4m3"))
            throw json.bad("qformat_weight", json.shown("qformat_weight") + " is not supported, allowed fp8_e4m3");
        return PLAIN;
    }
}
