package io.tramontane.app.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tramontane.cluster.config.ConfigText;
import io.tramontane.cluster.config.Nearest;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads experiment files. Every error is one line that names the file, its line and what is allowed. */
public final class ExperimentFile {
    private static final YAMLMapper YAML = YAMLMapper.builder(ConfigText.yaml().build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ExperimentFile() {}

    /** A file by its path, or by its name in a folder of experiments. */
    public static Path find(String name, Path folder) {
        Path path = Path.of(name);
        if (name.matches(".*\\.ya?ml")) {
            if (!Files.isRegularFile(path)) throw new BadInputException(name + ": no such file");
            return path;
        }
        Path known = folder.resolve(name + ".yaml");
        if (name.matches("[a-z0-9-]+") && Files.isRegularFile(known)) return known;
        List<String> names = names(folder);
        throw new BadInputException("unknown experiment '" + name + "'"
                + (names.isEmpty() ? "" : ", did you mean " + Nearest.name(name, names) + "?")
                + " Allowed: a .yaml file, or one of " + String.join(", ", names));
    }

    /** Names of the experiments in a folder. */
    public static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new BadInputException(folder + ": cannot be read: " + e.getMessage());
        }
    }

    /** Reads and checks one. */
    public static Experiment read(Path file) {
        try {
            String text = ConfigText.read(file);
            if (!(YAML.readTree(text) instanceof ObjectNode tree))
                throw new BadInputException(file + ": no keys with values");
            if (tree.has("file")) throw new BadInputException(file + ": unknown key file");
            // The file's text is bound, not the tree, so that an error knows its line.
            Experiment read = YAML.readerFor(Experiment.class).readValue(text);
            Experiment whole = read.at(file, read.runsOf().isEmpty() ? read : runsOf(file, read.runsOf(), tree));
            whole.check();
            return whole;
        } catch (JsonProcessingException e) {
            throw bad(file, e);
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        } catch (BadInputException e) {
            throw e.getMessage().startsWith(file.toString()) ? e : new BadInputException(file + ": " + e.getMessage());
        }
    }

    /** The experiment beside a file whose runs it looks at. */
    private static Experiment runsOf(Path file, String name, ObjectNode tree) {
        for (String key : List.of("base", "set", "seeds", "arms"))
            if (tree.has(key))
                throw new BadInputException(
                        file + ": " + key + " with runsOf: " + name + " has them, allowed one of them");
        Path other = file.resolveSibling(name + ".yaml");
        if (!name.matches("[a-z0-9-]+") || !Files.isRegularFile(other))
            throw new BadInputException(file + ": runsOf " + name + ", allowed the name of a file beside this one");
        Experiment runs = read(other);
        if (!runs.runsOf().isEmpty())
            throw new BadInputException(file + ": runsOf " + name + ", which has its runs of " + runs.runsOf()
                    + ": allowed " + runs.runsOf());
        return runs;
    }

    private static BadInputException bad(Path file, JsonProcessingException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof BadInputException bad) return new BadInputException(file + ": " + bad.getMessage());
        String where =
                file + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr()) + ": ";
        if (e instanceof UnrecognizedPropertyException unknown) {
            List<String> known = unknown.getKnownPropertyIds().stream()
                    .map(Object::toString)
                    .filter(key -> !key.equals("file"))
                    .sorted()
                    .toList();
            return new BadInputException(where + "unknown key " + unknown.getPropertyName() + ", did you mean "
                    + Nearest.name(unknown.getPropertyName(), known) + "?");
        }
        String key = e instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(ref -> ref.getFieldName() == null ? "" + ref.getIndex() : ref.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        return new BadInputException(where
                + (key.isEmpty() ? "" : key + ": ")
                + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
}
