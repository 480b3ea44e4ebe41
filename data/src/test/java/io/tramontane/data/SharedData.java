package io.tramontane.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds data sets beside the checkout; a test that needs them is skipped with a reason where they are absent. */
public final class SharedData {
    private SharedData() {}

    public static Path path(String name) {
        Path root = Path.of(System.getProperty("tramontane.root", "")).toAbsolutePath();
        for (Path folder = root; folder != null; folder = folder.getParent()) {
            Path found = folder.resolve("shared/data").resolve(name);
            if (Files.exists(found)) return found;
        }
        Assumptions.abort("no shared/data/" + name + " beside or above " + root);
        throw new IllegalStateException("unreachable");
    }
}
