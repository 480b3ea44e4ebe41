package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in Mistral's own form: {@code params.json}, and consolidated.safetensors in one file or several. Where a folder
 * has Hugging Face's weights as well, those count.
 */
final class MistralFolder {
    static final String PARAMS = "params.json";
    private static final String SINGLE = "consolidated.safetensors";
    private static final String INDEX = "consolidated.safetensors.index.json";
    private static final Logger LOG = LoggerFactory.getLogger(MistralFolder.class);
    private static final Pattern PART = Pattern.compile("consolidated-(\\d{1,5})-of-(\\d{1,5})\\.safetensors");
    private static final int MOST_PARTS = 10_000;
    private static final List<String> VISION =
            List.of("vision_encoder.", "vision_language_adapter.", "patch_merger.", "pre_mm_projector_norm.");

    private MistralFolder() {}

    /** Whether the weights to read are Mistral's. */
    static boolean hasWeights(Path folder) {
        return !SafetensorsFolder.hasWeights(folder)
                && (Files.isRegularFile(folder.resolve(SINGLE))
                        || Files.isRegularFile(folder.resolve(INDEX))
                        || !parts(folder).isEmpty());
    }

    /** Whether params.json states the shape: where it is alone, and where it belongs to the weights. */
    static boolean hasShape(Path folder) {
        return Files.isRegularFile(folder.resolve(PARAMS))
                && (hasWeights(folder) || !Files.isRegularFile(folder.resolve("config.json")));
    }

    private static List<Path> parts(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> PART.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .limit(MOST_PARTS)
                    .toList();
        } catch (IOException e) {
            throw new BadInputException(folder + ": cannot be read: " + e.getMessage());
        }
    }

    /** The files that {@link #read} reads. */
    static List<Path> files(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return List.of(folder.resolve(SINGLE));
        if (Files.isRegularFile(folder.resolve(INDEX))) return SafetensorsFolder.listed(folder.resolve(INDEX));
        List<Path> parts = parts(folder);
        for (int i = 0; i < parts.size(); i++) {
            Matcher name = PART.matcher(parts.get(i).getFileName().toString());
            if (!name.matches()
                    || Integer.parseInt(name.group(1)) != i + 1
                    || Integer.parseInt(name.group(2)) != parts.size())
                throw new BadInputException(parts.get(i) + ": is part " + (i + 1) + " of the " + parts.size()
                        + " that are there; one is missing, or two models lie in this folder");
        }
        return parts;
    }

    /** The decoder's tensors by their Hugging Face names. */
    static Map<String, StoredTensor> read(Path folder) {
        Map<String, StoredTensor> stored = new LinkedHashMap<>();
        if (!Files.isRegularFile(folder.resolve(SINGLE)) && Files.isRegularFile(folder.resolve(INDEX)))
            stored.putAll(SafetensorsFolder.readListed(folder.resolve(INDEX)));
        else
            for (Path file : files(folder))
                for (StoredTensor tensor : SafetensorsHeader.read(file).values())
                    if (stored.put(tensor.name(), tensor) != null)
                        throw new BadInputException(tensor.what() + " lies in another file, too");
        int all = stored.size();
        stored.keySet().removeIf(name -> VISION.stream().anyMatch(name::startsWith));
        if (stored.size() < all)
            LOG.info(
                    "{}: the text part is read and will be written; {} tensors of vision tower and projector are left out",
                    folder,
                    all - stored.size());
        Map<String, StoredTensor> named = new LinkedHashMap<>();
        for (StoredTensor tensor : stored.values())
            if (named.put(MistralNames.of(tensor), tensor) != null)
                throw new BadInputException(tensor.what() + " appears twice, in two spellings");
        return named;
    }
}
