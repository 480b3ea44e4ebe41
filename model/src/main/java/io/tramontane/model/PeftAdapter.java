package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * An adapter as the PEFT library stores it: {@code adapter_config.json}, and {@code adapter_model.safetensors} with tensors
 * such as {@code base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight}, float32 when we write them.
 *
 * @param lora rank, alpha, targets
 * @param weights all matrices, in the order of {@link AdapterLayout}
 */
public record PeftAdapter(LoraConfig lora, WeightSnapshot weights) {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final long LARGEST_CONFIG = 1 << 24;

    /** What makes another product of the same tensors, or trains something beside them. */
    private static final List<String> OTHER_KINDS = List.of(
            "use_rslora",
            "use_dora",
            "fan_in_fan_out",
            "rank_pattern",
            "alpha_pattern",
            "modules_to_save",
            "layer_replication",
            "trainable_token_indices");

    /** Writes the two files into a folder that exists. The base's name is left open: whoever loads them says it. */
    public void write(StoragePath folder) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").putNull("base_model_name_or_path");
        config.put("r", lora.rank()).put("lora_alpha", lora.alpha()).put("lora_dropout", 0.0);
        config.put("bias", "none").put("fan_in_fan_out", false).put("inference_mode", true);
        lora.targets().forEach(config.putArray("target_modules")::add);
        try (OutputStream out = folder.child(CONFIG).write()) {
            out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        }
        new SafetensorsWriter(weights, SaveForm.exact())
                .writeFile(folder.child(TENSORS), weights.tensors(), Map.of("format", "pt"));
    }

    /**
     * Reads a folder. The tensors say which matrices are adapted; every layer must have them.
     *
     * @param policy the model that the adapter belongs to
     */
    public static PeftAdapter read(Path folder, PolicyConfig policy, int version) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file))
            throw new BadInputException(folder + ": no " + CONFIG + ", so this is no adapter of PEFT");
        JsonNode config = JsonFields.read(file, LARGEST_CONFIG).json();
        if (!config.path("peft_type").asText().equals("LORA"))
            throw new BadInputException(file + ": peft_type " + config.path("peft_type") + ", allowed LORA");
        if (!config.path("bias").asText("none").equals("none"))
            throw new BadInputException(file + ": bias " + config.path("bias") + ", allowed none");
        for (String key : OTHER_KINDS) refuse(file, key, config.path(key));
        try {
            LoraConfig lora = new LoraConfig(
                    config.path("r").asInt(), config.path("lora_alpha").asDouble(), targets(folder.resolve(TENSORS)));
            if (!lora.on()) throw new IllegalArgumentException("r " + config.path("r") + ", allowed >= 1");
            WeightSnapshot weights = new AdapterLayout(policy, lora).zeros(version);
            Checkpoint.readVector(folder.resolve(TENSORS), weights);
            return new PeftAdapter(lora, weights);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(folder + ": " + e.getMessage());
        }
    }

    /** Reads a vector of the same tensors, a moment of Adam's. */
    public WeightSnapshot readVector(Path file) {
        WeightSnapshot vector = new WeightSnapshot(weights.config(), weights.tensors(), weights.version());
        Checkpoint.readVector(file, vector);
        return vector;
    }

    private static void refuse(Path file, String key, JsonNode value) {
        boolean absent = value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty();
        if (!absent && !value.equals(JSON.getNodeFactory().booleanNode(false)))
            throw new BadInputException(file + ": " + key + " " + value + " is not supported");
    }

    private static List<String> targets(Path tensors) {
        if (!Files.isRegularFile(tensors)) throw new BadInputException(tensors + ": no such file");
        TreeSet<String> found = new TreeSet<>();
        for (String name : SafetensorsHeader.read(tensors).keySet()) {
            String[] parts = name.split("\\.");
            if (parts.length < 3 || !parts[parts.length - 2].startsWith("lora_"))
                throw new BadInputException(tensors + ": tensor " + name + " is no matrix of LoRA");
            found.add(parts[parts.length - 3]);
        }
        List<String> known = LoraConfig.NAMES.stream().filter(found::contains).toList();
        return known.size() == found.size() ? known : List.copyOf(found); // which are then refused by name
    }

    /** Adds scale B A to the weights of the model that it belongs to, in place. */
    public void mergeInto(WeightSnapshot base) {
        for (Adapter adapter : new AdapterLayout(base.config(), lora).adapters()) {
            float[] a = numbers(weights, adapter.a().offset(), adapter.a().length());
            float[] b = numbers(weights, adapter.b().offset(), adapter.b().length());
            int columns = Math.toIntExact(adapter.weight().shape()[1]);
            IntStream.range(0, Math.toIntExact(adapter.weight().shape()[0]))
                    .parallel()
                    .forEach(row ->
                            mergeRow(base, adapter.weight().offset() + (long) row * columns, b, row, a, columns));
        }
    }

    private void mergeRow(WeightSnapshot base, long offset, float[] b, int row, float[] a, int columns) {
        double[] sum = new double[columns];
        for (int k = 0; k < lora.rank(); k++) {
            double factor = lora.scale() * b[row * lora.rank() + k];
            for (int i = 0; i < columns; i++) sum[i] += factor * a[k * columns + i];
        }
        float[] merged = numbers(base, offset, columns);
        ByteBuffer bytes = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < columns; i++) bytes.putFloat((float) (merged[i] + sum[i]));
        base.write(offset * Float.BYTES, bytes.flip());
    }

    private static float[] numbers(WeightSnapshot from, long offset, long count) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(count * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        from.read(offset * Float.BYTES, bytes);
        FloatBuffer floats = bytes.flip().asFloatBuffer();
        float[] numbers = new float[floats.remaining()];
        floats.get(numbers);
        return numbers;
    }
}
