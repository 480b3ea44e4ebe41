package io.tramontane.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What other programs and people expect beside a model's weights: {@code generation_config.json}, where generation ends, and
 * {@code README.md}, a short model card with the head that model hubs read. Files that are there already stay.
 */
final class ModelCard {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private ModelCard() {}

    /** Writes both. */
    static void write(StoragePath folder, PolicyConfig config, SaveForm form, int version) throws IOException {
        StoragePath generation = folder.child("generation_config.json");
        if (!generation.exists())
            write(generation, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(generation(config)));
        StoragePath card = folder.child("README.md");
        if (!card.exists()) write(card, text(config, form, version));
    }

    private static void write(StoragePath file, String text) throws IOException {
        try (OutputStream out = file.write()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ObjectNode generation(PolicyConfig config) {
        ObjectNode json = JSON.createObjectNode().put("_from_model_config", true);
        if (config.variant().otherEnds().isEmpty()) return json.put("eos_token_id", config.endOfText());
        ArrayNode ends = json.putArray("eos_token_id").add(config.endOfText());
        config.variant().otherEnds().forEach(ends::add);
        return json;
    }

    private static String text(PolicyConfig config, SaveForm form, int version) {
        String numbers = form.bfloat() ? "bfloat16" : "float32";
        return String.format(
                Locale.ROOT,
                """
                ---
                library_name: transformers
                pipeline_tag: text-generation
                tags:
                - tramontane
                - reinforcement-learning
                ---

                # A checkpoint of Tramontane

                | | |
                |---|---|
                | architecture | %s |
                | parameters | %,d |
                | layers, width, vocabulary | %d, %d, %,d |
                | positions | %,d |
                | numbers | %s |
                | policy version (optimizer batches) | %d |

                Tramontane trains language models by supervised fine-tuning and by GRPO (arXiv 2506.10910). What this one was
                trained from and on, and how well it does, is in the run folder that it comes from: `config.yaml`,
                `metrics.jsonl`, `report.html`. It has been checked for nothing else.

                ```python
                from transformers import AutoModelForCausalLM, AutoTokenizer

                model = AutoModelForCausalLM.from_pretrained("THIS FOLDER")
                tokenizer = AutoTokenizer.from_pretrained("THIS FOLDER")
                ```
                """,
                config.variant().architecture().className(),
                config.parameters(),
                config.layers(),
                config.width(),
                config.vocabulary(),
                config.positions(),
                numbers,
                version);
    }
}
