package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/library.md compile, run, and print what the page says; the coordinates are those of the poms. */
class LibraryPageTest {
    @TempDir
    Path folder;

    @Test
    void theProgramsRunAndPrintWhatThePageSays() throws Exception {
        Markdown page = Markdown.read(Markdown.ROOT.resolve("docs/library.md"));
        String printed = printed(page, "Judge");
        assertEquals(
                decided(page.lines("text", "Judge")), decided(printed.lines().toList()));
        assertTrue(printed(page, "Equal").startsWith("true: "));
        String sampled = printed(page, "Sample");
        assertEquals(
                2,
                sampled.lines()
                        .filter(line -> line.contains(" tokens: <think>"))
                        .count(),
                sampled);
    }

    /** Verdicts and rewards; the wording of a reason is free. */
    private static List<String> decided(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst(": .+", "")).toList();
    }

    /** What a program of the page prints; it is compiled as it stands and run in this process. */
    private String printed(Markdown page, String name) throws Exception {
        Path source = folder.resolve(name + ".java");
        Files.write(source, page.lines("java", name + ".java"));
        String classPath = System.getProperty("java.class.path");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString()));
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theCoordinatesAreThoseOfThePoms() throws IOException {
        String page = Files.readString(Markdown.ROOT.resolve("docs/library.md"));
        String parent = Files.readString(Markdown.ROOT.resolve("pom.xml"));
        Matcher own = Pattern.compile(
                        "<groupId>(.*)</groupId>\\s*<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>")
                .matcher(parent);
        assertTrue(own.find());
        String group = own.group(1);
        String version = own.group(3);
        for (String room : List.of("data", "rewards", "model", "rollout", "trainer", "cluster", "app")) {
            String pom = Files.readString(Markdown.ROOT.resolve(room).resolve("pom.xml"));
            assertTrue(pom.contains("<artifactId>" + room + "</artifactId>"), room);
            assertTrue(page.contains("`" + group + ":" + room + ":" + version + "`"), room);
        }
        Matcher named = Pattern.compile("<version>(.*)</version>").matcher(page);
        while (named.find()) assertEquals(version, named.group(1));
        assertTrue(page.contains("<artifactId>" + own.group(2) + "</artifactId>"));
    }
}
