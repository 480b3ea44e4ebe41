package io.tramontane.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tramontane.cluster.config.ConfigText;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.TreeMap;

/** A run's config.yaml as values by path, {@code trainer.loss.clipHigh=0.28}. */
final class ConfigPaths {
    private static final YAMLMapper YAML =
            YAMLMapper.builder(ConfigText.yaml().build()).build();

    private ConfigPaths() {}

    /** The text of a run's config; empty if there is none. A report says what is wrong with it, and goes on. */
    static String text(RunFolder folder) throws IOException {
        if (!folder.configYaml().exists()) return "";
        try {
            return ConfigText.read(folder.configYaml());
        } catch (BadInputException e) {
            return "# " + e.getMessage() + "\n";
        } catch (CharacterCodingException e) {
            return "# " + folder.configYaml().name() + ": is not UTF-8 text\n";
        }
    }

    /** Of a run. */
    static Map<String, String> of(RunFolder folder) throws IOException {
        return of(text(folder));
    }

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
