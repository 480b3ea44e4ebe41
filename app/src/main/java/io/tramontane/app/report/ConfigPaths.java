package io.tramontane.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A run's config.yaml as values by path, {@code trainer.loss.clipHigh=0.28}. */
final class ConfigPaths {
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .streamReadConstraints(JsonReading.limits())
                    .build())
            .build();

    private ConfigPaths() {}

    /** Leaves as they are written, lists as one value; empty for a text that is no YAML tree. */
    static Map<String, String> of(String yaml) {
        Map<String, String> paths = new TreeMap<>();
        try {
            JsonNode root = YAML.readTree(yaml);
            if (root != null) walk("", root, paths);
        } catch (IOException e) { // shown as it is, but nothing is known of it
            paths.clear();
        }
        return paths;
    }

    private static void walk(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject() && !node.isEmpty())
            node.properties()
                    .forEach(e -> walk(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), into));
        else if (!path.isEmpty()) into.put(path, node.isValueNode() ? node.asText() : node.toString());
    }
}
