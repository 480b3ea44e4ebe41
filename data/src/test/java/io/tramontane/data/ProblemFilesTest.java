package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemFilesTest {
    private static final String GOOD =
            "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("p.jsonl");
    }

    private String problemError(String text) throws IOException {
        Files.writeString(file, text);
        return relative(assertThrows(BadInputException.class, () -> ProblemFiles.read(file)));
    }

    private String completionError(String text) throws IOException {
        Files.writeString(file, text);
        return relative(assertThrows(BadInputException.class, () -> CompletionFiles.read(file, Set.of("a"))));
    }

    private String relative(BadInputException error) {
        return error.getMessage().replace(folder + "/", "");
    }

    @Test
    void problemsComeBackFromPlainAndZippedFiles() throws IOException {
        List<Problem> problems = List.of(
                Problem.math("a", "zh", "一加一？\n", "2", Map.of("source", Map.of("page", 3, "tags", List.of("x", 1.5)))),
                Problem.code(
                        "b",
                        "ru",
                        "Выведи n",
                        Problem.CodeLanguage.PYTHON,
                        List.of(new Problem.TestCase("1\n2", ""), new Problem.TestCase("", "\"\\")),
                        Map.of()));
        for (String name : List.of("p.jsonl", "p.jsonl.gz")) {
            ProblemFiles.write(folder.resolve(name), problems);
            assertEquals(problems, ProblemFiles.read(folder.resolve(name)));
        }
        byte[] zipped = Files.readAllBytes(folder.resolve("p.jsonl.gz"));
        assertEquals(0x1f, zipped[0]);
    }

    @Test
    void testCodeMayStandInForTests() throws IOException {
        Problem function = Problem.function(
                "f", "en", "Double x.", new Problem.TestCode("assert f(1) == 2", List.of("f")), Map.of("level", 1));
        Problem free =
                Problem.function("g", "en", "Double x.", new Problem.TestCode("assert f(1) == 2", List.of()), Map.of());
        ProblemFiles.write(file, List.of(function, free));
        assertEquals(List.of(function, free), ProblemFiles.read(file));
        String written =
                "{\"id\":\"f\",\"kind\":\"code\",\"language\":\"en\",\"statement\":\"?\",\"codeLanguage\":\"python\",\"testCode\":\"assert f(1)\"}";
        assertEquals("assert f(1)", ProblemJson.read(written, "here").testCode().source());
        assertEquals(
                "p.jsonl:1: field \"testCode\" is for codeLanguage \"python\", not \"cpp\"",
                problemError(written.replace("python", "cpp")));
        assertEquals(
                "p.jsonl:1: field \"entryPoints\" must be a list of strings",
                problemError(written.replace("}", ",\"entryPoints\":\"f\"}")));
    }

    @Test
    void unknownFieldsAreKeptInTheirOrder() {
        String line = "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"?\",\"answer\":\"2\","
                + "\"z\":1,\"tests\":[1],\"b\":{\"c\":null}}";
        assertEquals(line, ProblemJson.write(ProblemJson.read(line, "here")));
    }

    @Test
    void aLineThatIsNoObjectIsNamed() throws IOException {
        assertEquals("p.jsonl:2: not a JSON object but a list", problemError(GOOD + "[1]\n"));
        String broken = problemError(GOOD + "{\"id\": \n");
        assertEquals("p.jsonl:2: not a JSON object: Unexpected end-of-input", broken.substring(0, 53));
        String twice = problemError(GOOD + GOOD.trim() + "{}\n");
        assertEquals("p.jsonl:2: not a JSON object: Trailing token", twice.substring(0, 44));
    }

    @Test
    void bytesThatAreNotUtf8AreNamed() throws IOException {
        byte[] text = (GOOD + "{\"id\":\"ä\"}").getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, text);
        assertEquals(
                "p.jsonl:2: not UTF-8", relative(assertThrows(BadInputException.class, () -> ProblemFiles.read(file))));
    }

    @Test
    void aMissingOrMistypedFieldIsNamed() throws IOException {
        assertEquals(
                "p.jsonl:1: fields \"id\", \"kind\", \"language\", \"statement\" are missing", problemError("{}\n"));
        assertEquals(
                "p.jsonl:1: field \"answer\" must be a string, not a list",
                problemError(GOOD.replace("\"2\"", "[2,3]")));
        assertEquals("p.jsonl:1: field \"statement\" is empty", problemError(GOOD.replace("1+1?", " ")));
        assertEquals(
                "p.jsonl:1: field \"kind\" is \"maths\", allowed \"math\", \"code\"",
                problemError(GOOD.replace("\"math\"", "\"maths\"")));
        String code = GOOD.replace("\"math\"", "\"code\"").replace("\"answer\":\"2\"", "\"codeLanguage\":\"cpp\",");
        assertEquals("p.jsonl:1: field \"tests\" is empty", problemError(code.replace("}", "\"tests\":[]}")));
        assertEquals(
                "p.jsonl:1: test 2: field \"stdout\" is missing",
                problemError(code.replace("}", "\"tests\":[{\"stdin\":\"\",\"stdout\":\"1\"},{\"stdin\":\"\"}]}")));
        assertEquals(
                "p.jsonl:1: field \"codeLanguage\" is \"java\", allowed \"python\", \"cpp\"",
                problemError(code.replace("cpp", "java").replace("}", "\"tests\":[]}")));
    }

    @Test
    void aRepeatedIdNamesBothLines() throws IOException {
        assertEquals(
                "p.jsonl:3: id \"a\" was used before, at p.jsonl:1",
                problemError(GOOD + GOOD.replace("\"a\"", "\"b\"") + GOOD));
    }

    @Test
    void missingEmptyAndBrokenFilesAreErrors() throws IOException {
        assertEquals(
                "p.jsonl: no such file",
                relative(assertThrows(BadInputException.class, () -> ProblemFiles.read(file))));
        assertEquals("p.jsonl: the file is empty, needs at least one JSON object", problemError(""));
        Path zipped = folder.resolve("p.jsonl.gz");
        Files.writeString(zipped, "no gzip");
        assertEquals(
                "p.jsonl.gz: not a gzip file: Not in GZIP format",
                relative(assertThrows(BadInputException.class, () -> ProblemFiles.read(zipped))));
        ProblemFiles.write(zipped, List.of(Problem.math("a", "en", "?".repeat(5000), "1", Map.of())));
        byte[] whole = Files.readAllBytes(zipped);
        Files.write(zipped, Arrays.copyOf(whole, whole.length - 25));
        assertEquals(
                "p.jsonl.gz:1: cannot be read: Unexpected end of ZLIB input stream",
                relative(assertThrows(BadInputException.class, () -> ProblemFiles.read(zipped))));
    }

    @Test
    void completionsComeBackAndMayRepeatProblemAndGroup() throws IOException {
        List<CompletionRow> rows = List.of(
                new CompletionRow("a", 0, "<think>…</think>\n\\boxed{2}", 12, Map.of("model", "m")),
                new CompletionRow("a", 0, "", null, Map.of()),
                new CompletionRow("a", 7, "?", 0, Map.of()));
        CompletionFiles.write(file, rows);
        assertEquals(rows, CompletionFiles.read(file, Set.of("a", "b")));
    }

    @Test
    void aBadCompletionIsNamed() throws IOException {
        String good = "{\"problemId\":\"a\",\"group\":0,\"completion\":\"x\"}\n";
        assertEquals(
                "p.jsonl:2: problemId \"q\" is no problem of the problem file",
                completionError(good + good.replace("\"a\"", "\"q\"")));
        assertEquals(
                "p.jsonl:1: fields \"group\", \"completion\" are missing", completionError("{\"problemId\":\"a\"}"));
        assertEquals(
                "p.jsonl:1: field \"group\" is \"0\", needs a whole number from 0 to 9223372036854775807",
                completionError(good.replace(":0", ":\"0\"")));
        assertEquals(
                "p.jsonl:1: field \"tokenCount\" is -1, needs a whole number from 0 to 2147483647",
                completionError(good.replace("}", ",\"tokenCount\":-1}")));
        assertEquals(
                "p.jsonl:1: field \"completion\" is missing", completionError("{\"problemId\":\"a\",\"group\":0}"));
    }

    @Test
    void aSecondProblemWithABadLineLeavesNoFile() {
        Path out = folder.resolve("out.jsonl");
        List<Problem> broken = Arrays.asList(Problem.math("a", "en", "?", "1", Map.of()), null);
        assertThrows(NullPointerException.class, () -> ProblemFiles.write(out, broken));
        assertEquals(false, Files.exists(out));
        assertEquals(false, Files.exists(folder.resolve("out.jsonl.part")));
    }
}
