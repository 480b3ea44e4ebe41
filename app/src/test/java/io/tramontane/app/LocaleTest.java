package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that we write or read depends on the machine's language or its default encoding. */
class LocaleTest {
    /** Calls that follow the default locale or charset, and JSON readers with limits of their own. */
    private static final Pattern FORBIDDEN = Pattern.compile(String.join(
            "|",
            "String\\.format\\(\\s*+(?!Locale\\.)",
            "\\.formatted\\(",
            "\\.printf\\(\\s*+(?!Locale\\.)",
            "\\.toLowerCase\\(\\)",
            "\\.toUpperCase\\(\\)",
            "new (?:Formatter|Scanner|FileReader|FileWriter)\\b",
            "DecimalFormat\\b|NumberFormat\\.get\\w*\\(\\)",
            "SimpleDateFormat\\b|DateTimeFormatter\\.ofPattern\\([^,()]*\\)",
            "Charset\\.defaultCharset",
            "new (?:InputStreamReader|OutputStreamWriter)\\([^,()]*(?:\\([^()]*\\))?\\)",
            "new (?:ObjectMapper|JsonMapper|YAMLMapper|JsonFactory|YAMLFactory)\\(|JsonMapper\\.builder\\(\\)"));

    @TempDir
    Path folder;

    @Test
    void noSourceFollowsTheDefaultLocaleOrEncoding() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String room : List.of("data", "model", "rewards", "rollout", "trainer", "cluster", "app")) {
            Path sources = Path.of(System.getProperty("tramontane.root", ".."), room, "src/main/java");
            try (Stream<Path> paths = Files.walk(sources)) {
                for (Path file :
                        paths.filter(p -> p.toString().endsWith(".java")).toList()) {
                    files++;
                    Matcher call = FORBIDDEN.matcher(Files.readString(file));
                    while (call.find()) found.add(file.getFileName() + ": " + call.group());
                }
            }
        }
        assertTrue(files > 100, "only " + files + " files were read");
        assertEquals(List.of(), found);
    }

    @Test
    void aForbiddenImportIsFound() {
        for (String call : List.of(
                "String.format(\"%d\", 1)",
                "String.format(\n    \"%d\", 1)",
                "\"%,d\".formatted(1)",
                "out.printf(\"%d\", 1)",
                "name.toLowerCase()",
                "new InputStreamReader(in)",
                "new InputStreamReader(process.getInputStream())",
                "DateTimeFormatter.ofPattern(\"yyyy\")",
                "new ObjectMapper()")) assertTrue(FORBIDDEN.matcher(call).find(), call);
        for (String call : List.of(
                "String.format(Locale.ROOT, \"%d\", 1)",
                "String.format(\n    Locale.ROOT, \"%d\", 1)",
                "name.toLowerCase(Locale.ROOT)",
                "new InputStreamReader(in, StandardCharsets.UTF_8)",
                "DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)"))
            assertTrue(!FORBIDDEN.matcher(call).find(), call);
    }

    /** A process of its own, because the language of a machine is read when Java starts. */
    @Test
    void inAnArabicLocaleFileNamesHaveAsciiDigits() throws Exception {
        assertEquals("١", String.format(new java.util.Locale("ar", "EG"), "%d", 1));
        String said = java("-Duser.language=ar", "-Duser.country=EG", Names.class.getName(), folder.toString());
        assertEquals("step-000042.arrow\n", said);
    }

    /** What the process runs. */
    static final class Names {
        private Names() {}

        public static void main(String[] args) {
            System.out.println(io.tramontane.data.BatchArrow.fileName(42));
        }
    }

    @Test
    void aDryRunIsTheSameInArabicAndTurkishLocales() throws Exception {
        String[] dryRun = {
            "io.tramontane.app.cli.Tramontane",
            "train",
            "--config",
            Path.of(System.getProperty("tramontane.root", ".."), "conf", "tiny.yaml")
                    .toString(),
            "--dry-run"
        };
        String english = java(concat(List.of("-Duser.language=en"), dryRun));
        assertTrue(english.contains("921,856 parameters"), english);
        assertEquals(english, java(concat(List.of("-Duser.language=ar", "-Duser.country=EG"), dryRun)));
        assertEquals(english, java(concat(List.of("-Duser.language=tr", "-Duser.country=TR"), dryRun)));
    }

    private static String[] concat(List<String> first, String[] second) {
        return Stream.concat(first.stream(), Stream.of(second)).toArray(String[]::new);
    }

    private String java(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(args));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("not ended in 3 minutes: " + Files.readString(err));
        }
        assertEquals(0, process.exitValue(), Files.readString(err));
        return Files.readString(out);
    }
}
