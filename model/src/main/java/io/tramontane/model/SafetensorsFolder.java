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

    static boolean hasWeights(Path folder) {
        return Files.isRegularFile(folder.resolve(SINGLE)) || Files.isRegularFile(folder.resolve(INDEX));
    }

    /** The files that {@link #read} reads, in the order of their names; others may lie beside them. */
    static List<Path> files(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return List.of(folder.resolve(SINGLE));
        return listed(folder.resolve(INDEX));
    }

    /** The files that an index lists. */
    static List<Path> listed(Path index) {
        JsonFields map = map(index);
        return map.json().properties().stream()
                .map(entry -> fileName(map, entry))
                .distinct()
                .sorted()
                .map(index::resolveSibling)
                .toList();
    }

    private static JsonFields map(Path index) {
        if (!Files.isRegularFile(index))
            throw new BadInputException(index.toAbsolutePath().getParent() + ": neither " + SINGLE + " nor " + INDEX
                    + " nor consolidated*.safetensors; other forms are not read");
        return JsonFields.read(index, LARGEST_INDEX).object("weight_map");
    }

    /** Tensors by name. */
    static Map<String, StoredTensor> read(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return SafetensorsHeader.read(folder.resolve(SINGLE));
        return readListed(folder.resolve(INDEX));
    }

    /** The tensors of all files that an index lists. */
    static Map<String, StoredTensor> readListed(Path index) {
        JsonFields map = map(index);
        Map<String, Map<String, StoredTensor>> files = new HashMap<>();
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.json().properties()) {
            String name = fileName(map, entry);
            Map<String, StoredTensor> file =
                    files.computeIfAbsent(name, n -> SafetensorsHeader.read(index.resolveSibling(n)));
            StoredTensor tensor = file.get(entry.getKey());
            if (tensor == null) throw map.bad(entry.getKey(), "is not in " + name);
            tensors.put(entry.getKey(), tensor);
        }
        for (Map<String, StoredTensor> file : files.values())
            for (StoredTensor tensor : file.values())
                if (tensors.get(tensor.name()) != tensor)
                    throw new BadInputException(tensor.what() + " is not listed in " + index.getFileName());
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
