package io.tramontane.app.cli;

import io.tramontane.cluster.config.Nearest;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The recipes of {@code conf/}: those of the working copy where the launcher started the program, otherwise those in its jar,
 * so that a job jar alone on a stranger's Spark has them.
 */
final class Recipes {
    private static final String FOLDER = "conf";
    private static final String DEFAULT = "tiny.yaml";

    private Recipes() {}

    /** What {@code --config} names: a file, or a recipe, as {@code tiny.yaml} or {@code conf/tiny.yaml}; null is the default. */
    static Path find(Path given) {
        if (given == null) return folder().resolve(DEFAULT);
        if (Files.exists(given) || given.isAbsolute()) return given;
        boolean named = given.getNameCount() == 1 || given.getNameCount() == 2 && given.startsWith(FOLDER);
        if (!named) return given;
        Path folder = folder();
        Path recipe = folder.resolve(given.getFileName().toString());
        if (Files.isRegularFile(recipe)) return recipe;
        Set<String> names = names(folder);
        throw new BadInputException("--config " + given + ": neither a file nor a recipe, the nearest recipe is "
                + Nearest.name(given.getFileName().toString(), names));
    }

    private static Set<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the recipes", e);
        }
    }

    private static Path folder() {
        String root = System.getProperty("tramontane.root");
        return root != null ? Path.of(root, FOLDER) : inJar();
    }

    /** A path into the jar; it stays open until the process ends. */
    private static Path inJar() {
        URL recipe = Recipes.class.getResource("/" + FOLDER + "/" + DEFAULT);
        if (recipe == null) throw new IllegalStateException("the program's jar lacks its recipes");
        try {
            URI address = recipe.toURI();
            if (address.getScheme().equals("jar")) open(address);
            return Path.of(address).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(recipe + " is no address", e);
        }
    }

    private static void open(URI address) {
        try {
            FileSystems.newFileSystem(address, Map.of());
        } catch (FileSystemAlreadyExistsException another) { // an earlier call of this process
        } catch (IOException e) {
            throw new UncheckedIOException(address + " cannot be opened", e);
        }
    }
}
