package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads every import of the program: dependencies between modules go one way, and packages have no cycles. */
class RoomsTest {
    private static final String OURS = "io.tramontane.";
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "data", Set.of("data"),
            "model", Set.of("model", "data"),
            "rewards", Set.of("rewards", "data"),
            "rollout", Set.of("rollout", "data", "model"),
            "trainer", Set.of("trainer", "data", "model"),
            "cluster", Set.of("cluster", "data", "model", "rewards", "rollout", "trainer"),
            "app", Set.of("app", "cluster", "data", "model", "rewards", "rollout", "trainer"));
    private static final Map<String, Set<String>> ONLY_IN = Map.of(
            "org.apache.spark", Set.of("cluster"),
            "org.apache.arrow.flight", Set.of("cluster"),
            "ai.djl.pytorch", Set.of("model"),
            "ai.djl.ndarray", Set.of("model", "trainer", "app"),
            "ai.djl.huggingface", Set.of("model", "app"),
            "com.github.jfasttext", Set.of("rewards"));
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?([\\w.]+);");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

    @Test
    void everyModuleUsesOnlyTheModulesBelowIt() throws IOException {
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
    void aForbiddenImportIsFound() {
        assertTrue(!allowed("data", "io.tramontane.model.Policy"));
        assertTrue(!allowed("rollout", "io.tramontane.trainer.Trainer"));
        assertTrue(!allowed("cluster", "io.tramontane.app.cli.Tramontane"));
        assertTrue(!allowed("trainer", "org.apache.spark.SparkContext"));
        assertTrue(!allowed("app", "org.apache.spark.SparkContext"));
        assertTrue(!allowed("cluster", "ai.djl.pytorch.jni.IValue"));
        assertTrue(!allowed("rollout", "ai.djl.pytorch.jni.IValue"));
        assertTrue(!allowed("rollout", "ai.djl.ndarray.NDArray"));
        assertTrue(!allowed("trainer", "ai.djl.pytorch.jni.IValue"));
        assertTrue(allowed("model", "ai.djl.pytorch.jni.IValue"));
    }

    @Test
    void packagesHaveNoCycles() throws IOException {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (String room : MAY_USE.keySet())
            for (Path file : sources(room)) {
                String text = Files.readString(file);
                Matcher own = PACKAGE.matcher(text);
                assertTrue(own.find(), file + " names no package");
                Matcher imports = IMPORT.matcher(text);
                while (imports.find())
                    if (imports.group(1).startsWith(OURS))
                        uses.computeIfAbsent(own.group(1), p -> new TreeSet<>()).add(packageOf(imports.group(1)));
            }
        assertTrue(uses.size() > 15, "only " + uses.keySet() + " were read");
        assertEquals(List.of(), circles(uses));
    }

    @Test
    void aCycleIsFound() {
        Map<String, Set<String>> uses = Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a"), "d", Set.of("a"));
        assertEquals(List.of("a", "b", "c"), circles(uses));
    }

    /** The packages that can reach themselves over others. */
    private static List<String> circles(Map<String, Set<String>> uses) {
        List<String> found = new ArrayList<>();
        for (String start : new TreeSet<>(uses.keySet())) {
            Set<String> reached = new HashSet<>();
            List<String> open = new ArrayList<>(uses.get(start));
            open.remove(start);
            while (!open.isEmpty()) {
                String next = open.remove(open.size() - 1);
                if (reached.add(next)) open.addAll(uses.getOrDefault(next, Set.of()));
            }
            if (reached.contains(start)) found.add(start);
        }
        return found;
    }

    /** {@code io.tramontane.data.gym} of {@code io.tramontane.data.gym.Gym.Inner.name}: packages are small, classes large. */
    private static String packageOf(String name) {
        StringBuilder made = new StringBuilder();
        for (String part : name.split("\\.")) {
            if (Character.isUpperCase(part.charAt(0))) break;
            made.append(made.isEmpty() ? "" : ".").append(part);
        }
        return made.toString();
    }

    private static boolean allowed(String room, String name) {
        if (name.startsWith(OURS))
            return MAY_USE.get(room).contains(name.substring(OURS.length()).split("\\.")[0]);
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
