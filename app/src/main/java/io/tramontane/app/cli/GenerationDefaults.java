package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;

/** What a model's makers recommend for sampling: generation_config.json, otherwise temperature 1 and nothing cut. */
final class GenerationDefaults {
    private static final String FILE = "generation_config.json";

    private GenerationDefaults() {}

    static SamplingParameters of(TokenizerFiles files) {
        byte[] bytes = files.files().get(FILE);
        if (bytes == null) return new SamplingParameters(1, 1);
        String where = files.where() + ": " + FILE;
        try {
            JsonNode json = JsonReading.mapper().readTree(bytes);
            double temperature = number(json, "temperature", 1);
            return new SamplingParameters(
                    temperature == 0 ? 1 : temperature,
                    number(json, "top_p", 1),
                    (int) number(json, "top_k", 0),
                    number(json, "min_p", 0));
        } catch (IOException e) {
            throw new BadInputException(where + " is not JSON");
        } catch (IllegalArgumentException e) {
            throw new BadInputException(where + ": " + e.getMessage());
        }
    }

    private static double number(JsonNode json, String name, double absent) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) return absent;
        if (!value.isNumber()) throw new IllegalArgumentException(name + " " + value + ", allowed a number");
        return value.doubleValue();
    }
}
