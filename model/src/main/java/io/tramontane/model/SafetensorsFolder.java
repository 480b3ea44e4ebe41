package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a model folder: model.safetensors, or several files that model.safetensors.index.json lists. */
final class SafetensorsFolder {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final long LARGEST_INDEX = 100_000_000;

    private SafetensorsFolder() {}

    /** The files that {@link #read} reads, in the order of their names; others may lie beside them. */
    static List<Path> files(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return List.of(folder.resolve(SINGLE));
        JsonFields map = index(folder);
        return map.json().properties().stream()
                .map(entry -> fileName(map, entry))
                .distinct()
                .sorted()
                .map(folder::resolve)
                .toList();
    }

    private static JsonFields index(Path folder) {
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index))
            throw new BadInputException(
                    folder + ": neither " + SINGLE + " nor " + INDEX + "; other forms are not read");
        return JsonFields.read(index, LARGEST_INDEX).object("weight_map");
    }

    /** Tensors by name. */
    static Map<String, StoredTensor> read(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return SafetensorsHeader.read(folder.resolve(SINGLE));
        JsonFields map = index(folder);
        Map<String, Map<String, StoredTensor>> files = new HashMap<>();
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.json().properties()) {
            String name = fileName(map, entry);
            Map<String, StoredTensor> file =
                    files.computeIfAbsent(name, n -> SafetensorsHeader.read(folder.resolve(n)));
            StoredTensor tensor = file.get(entry.getKey());
            if (tensor == null) throw map.bad(entry.getKey(), "is not in " + name);
            tensors.put(entry.getKey(), tensor);
        }
        for (Map<String, StoredTensor> file : files.values())
            for (StoredTensor tensor : file.values())
                if (tensors.get(tensor.name()) != tensor)
                    throw new BadInputException(tensor.what() + " is not listed in " + INDEX);
        return tensors;
    }

    /** An index may only name files beside it. */
    private static String fileName(JsonFields map, Map.Entry<String, JsonNode> entry) {
        String name = entry.getValue().asText();
        if (!entry.getValue().isTextual() || !name.matches("[A-Za-z0-9_.-]+") || name.startsWith("."))
            throw map.bad(entry.getKey(), map.shown(entry.getKey()) + " is not the name of a file in this folder");
        if (!Files.isRegularFile(map.file().resolveSibling(name)))
            throw map.bad(entry.getKey(), name + " is missing from the folder");
        return name;
    }
}
