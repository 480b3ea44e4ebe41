package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads every import of the program: arrows between rooms point one way. */
class RoomsTest {
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "data", Set.of("data"),
            "model", Set.of("model", "data"),
            "rewards", Set.of("rewards", "data"),
            "rollout", Set.of("rollout", "data", "model"),
            "trainer", Set.of("trainer", "data", "model"),
            "cluster", Set.of("cluster", "data", "model", "rewards", "rollout", "trainer"));
    private static final Map<String, Set<String>> ONLY_IN = Map.of(
            "org.apache.spark", Set.of("cluster"),
            "org.apache.arrow.flight", Set.of("cluster"),
            "ai.djl.pytorch", Set.of("model", "rollout", "trainer"),
            "com.github.jfasttext", Set.of("rewards"));
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?([\\w.]+);");

    @Test
    void everyRoomUsesOnlyTheRoomsBelowIt() throws IOException {
        List<String> breaches = new ArrayList<>();
        int files = 0;
        for (String room : MAY_USE.keySet())
            for (Path file : sources(room)) {
                files++;
                Matcher imports = IMPORT.matcher(Files.readString(file));
                while (imports.find())
                    if (!allowed(room, imports.group(1))) breaches.add(file + ": " + imports.group(1));
            }
        assertTrue(files > 100, "only " + files + " files were read");
        assertEquals(List.of(), breaches);
    }

    @Test
    void aBreachIsSeen() {
        assertTrue(!allowed("data", "io.tramontane.model.Policy"));
        assertTrue(!allowed("rollout", "io.tramontane.trainer.Trainer"));
        assertTrue(!allowed("trainer", "org.apache.spark.SparkContext"));
        assertTrue(!allowed("cluster", "ai.djl.pytorch.jni.IValue"));
        assertTrue(allowed("trainer", "ai.djl.pytorch.jni.IValue"));
    }

    private static boolean allowed(String room, String name) {
        if (name.startsWith("io.tramontane."))
            return MAY_USE.get(room)
                    .contains(name.substring("io.tramontane.".length()).split("\\.")[0]);
        for (Map.Entry<String, Set<String>> library : ONLY_IN.entrySet())
            if (name.startsWith(library.getKey())) return library.getValue().contains(room);
        return true;
    }

    private static List<Path> sources(String room) throws IOException {
        Path root = Path.of(System.getProperty("tramontane.root", ".."));
        try (Stream<Path> paths = Files.walk(root.resolve(room).resolve("src/main/java"))) {
            return paths.filter(p -> p.toString().endsWith(".java")).toList();
        }
    }
}
