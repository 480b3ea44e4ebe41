package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.data.source.DataFiles;
import io.tramontane.data.source.DataSet;
import io.tramontane.data.source.DataSets;
import io.tramontane.data.source.ProblemSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Problem lines in other people's spelling. */
class ProblemMappingTest {
    @TempDir
    Path folder;

    private DataSet read(String... lines) throws IOException {
        return DataSets.open(Files.writeString(folder.resolve("own.jsonl"), String.join("\n", lines)));
    }

    private Problem one(String line) throws IOException {
        return read(line).problems().get(0);
    }

    private String refused(String... lines) {
        return assertThrows(BadInputException.class, () -> read(lines))
                .getMessage()
                .replace(folder + "/", "");
    }

    @Test
    void theShortestLineIsAQuestionAndANumber() throws IOException {
        DataSet data = read("{\"question\":\"2+2?\",\"answer\":4}", "{\"question\":\"2+3?\",\"answer\":5.0}");
        assertEquals(
                List.of(
                        Problem.math("own/1", "en", "2+2?", "4", Map.of()),
                        Problem.math("own/2", "en", "2+3?", "5", Map.of())),
                data.problems());
        assertEquals(
                "2 problems (math; en); statement from \"question\"; answer from a number;"
                        + " kind math, as there is an answer; id from file and line; language en, as none is said",
                data.text());
    }

    @Test
    void ourOwnFormIsReadWithoutAWord() throws IOException {
        DataSet data = read(
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"fr\",\"statement\":\"?\",\"answer\":\"7\",\"question\":\"no\"}");
        assertEquals(List.of(), data.mapping());
        assertEquals(Map.of("question", "no"), data.problems().get(0).extra());
    }

    @Test
    void aSolutionGivesTheAnswerByItsMarkOrItsLastBox() throws IOException {
        DataSet data = read(
                "{\"problem\":\"a\",\"solution\":\"First \\\\boxed{1}, then \\\\boxed{\\\\frac{1}{2}}.\"}",
                "{\"problem\":\"b\",\"solution\":\"So:\\n#### 72\"}",
                "{\"problem\":\"c\",\"solution\":\"\\\\boxed{\\\\{1,2\\\\}}\"}");
        assertEquals(
                List.of("\\frac{1}{2}", "72", "\\{1,2\\}"),
                data.problems().stream().map(Problem::answer).toList());
        assertEquals("So:\n#### 72", data.problems().get(1).extra().get("solution"));
        assertEquals(
                List.of(
                        "statement from \"problem\"",
                        "answer from \"solution\", its last \\boxed{} (2 of 3)",
                        "kind math, as there is an answer",
                        "id from file and line",
                        "language en, as none is said",
                        "answer from \"solution\", behind its #### (1 of 3)"),
                data.mapping());
        assertEquals(
                "own.jsonl:1: fields \"id\", \"kind\", \"language\" are missing; other fields of the line are \"solution\"",
                refused("{\"problem\":\"a\",\"solution\":\"nothing boxed\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompt':'?','answer':72}|72",
                "{'Problem':'?','Answer':'72'}|72",
                "{'QUESTION':'?','ANSWER':-3}|-3",
                "{'instruction':'?','expected_answer':'x^2'}|x^2",
                "{'query':'?','final_answer':['0.5']}|0.5",
                "{'question':'?','ground_truth':1e3}|1000",
                "{'question':'?','gold':0.25}|0.25",
                "{'statement':'?','answer':null,'target':'5'}|5",
                "{'question':'?','tests':null,'answer':'8'}|8",
                "{'problem':'?','answer':'He has 8.\\n#### 1,000'}|1,000",
                "{'prompt':[{'role':'system','content':'be'},{'role':'user','content':'?'}],'reward_model':{'ground_truth':'34'}}|34"
            })
    void commonSpellings(String line, String answer) throws IOException {
        Problem problem = one(line.replace('\'', '"'));
        assertEquals("?", problem.statement());
        assertEquals(answer, problem.answer());
    }

    @Test
    void testsMakeACodeProblem() throws IOException {
        Problem problem = one("{\"id\":17,\"statement\":\"Add.\",\"language\":\"ru\",\"code_language\":\"Python3\","
                + "\"answer\":\"print(3)\",\"tests\":[{\"input\":\"1 2\",\"output\":\"3\"}]}");
        assertEquals("17", problem.id());
        assertEquals(Kind.CODE, problem.kind());
        assertEquals(CodeLanguage.PYTHON, problem.codeLanguage());
        assertEquals(List.of(new Problem.TestCase("1 2", "3")), problem.tests());
    }

    @Test
    void allMissingFieldsOfALineAreNamedAtOnce() {
        assertEquals(
                "own.jsonl:1: fields \"id\", \"language\", \"answer\" are missing",
                refused("{\"kind\":\"math\",\"statement\":\"?\"}"));
        assertEquals(
                "own.jsonl:1: fields \"id\", \"language\", \"codeLanguage\", \"tests\" are missing; other fields of the line are \"lang\"",
                refused("{\"kind\":\"code\",\"statement\":\"?\",\"lang\":\"py\"}"));
        assertEquals(
                "own.jsonl:2: field \"answer\" is missing",
                refused(
                        "{\"id\":1,\"kind\":\"math\",\"language\":\"en\",\"statement\":\"?\",\"answer\":1}",
                        "{\"id\":2,\"kind\":\"math\",\"language\":\"en\",\"statement\":\"?\",\"answer\":null}"));
    }

    @Test
    void anAnswerThatIsNoNumberOrTooLongForOneIsRefused() {
        assertEquals(
                "own.jsonl:1: field \"answer\" is NaN, allowed a string or a number",
                refused("{\"question\":\"?\",\"answer\":NaN}"));
        assertEquals(
                "own.jsonl:1: field \"answer\" is the number 0.12345678901234568, whose last digits may be lost: write it as a string",
                refused("{\"question\":\"?\",\"answer\":0.12345678901234567890}"));
        assertEquals(
                "own.jsonl:1: field \"answer\" must be a string, not a boolean",
                refused("{\"question\":\"?\",\"answer\":true}"));
    }

    @ParameterizedTest
    @CsvSource({
        "english,en",
        "English,en",
        "French,fr",
        "fr-FR,fr",
        "FR,fr",
        "zh_CN,zh",
        "zh-Hans,zh",
        "eng,en",
        "deu,de",
        "deutsch,de",
        "français,fr",
        "中文,zh",
        "русский,ru",
        "jp,ja",
        "cn,zh",
        "Chinese (Simplified),zh",
        "Mandarin,zh",
        "pt-BR,pt",
        "en_US,en",
        "ENGLISH,en",
        "Japanese,ja"
    })
    void aLanguageThatIsNoCodeIsAnsweredWithItsCode(String given, String code) {
        assertEquals(
                "own.jsonl:1: field \"language\" is \"" + given + "\", write \"" + code + "\" (ISO 639)",
                refused("{\"question\":\"?\",\"answer\":1,\"language\":\"" + given + "\"}"));
    }

    @Test
    void codesAreTakenAndNonsenseIsNot() throws IOException {
        for (String code : List.of("en", "te", "sw", "und", "ceb", "yue"))
            assertEquals(
                    code,
                    one("{\"question\":\"?\",\"answer\":1,\"language\":\"" + code + "\"}")
                            .language());
        assertEquals(
                "own.jsonl:1: field \"language\" is \"klingonese\", allowed an ISO 639 code, like \"en\" or \"fr\"",
                refused("{\"question\":\"?\",\"answer\":1,\"language\":\"klingonese\"}"));
    }

    @Test
    void aFolderOfPartFilesMayHaveEmptyOnes() throws IOException {
        Files.writeString(folder.resolve("part-0.json"), "");
        assertEquals(
                folder + ": all files of the folder are empty",
                assertThrows(BadInputException.class, () -> DataSets.read(folder))
                        .getMessage());
        Files.writeString(folder.resolve("part-1.json"), "{\"question\":\"?\",\"answer\":1}\n");
        assertEquals("part-1/1", DataSets.read(folder).get(0).id());
    }

    @Test
    void aPlanSaysBothSides() throws IOException {
        assertEquals(List.of(), new ProblemSources(DataFiles.LOCAL).plan(DataConfig.defaults()));
        Path file = Files.writeString(folder.resolve("own.jsonl"), "{\"question\":\"?\",\"answer\":1}\n");
        List<String> plan = new ProblemSources(DataFiles.LOCAL)
                .plan(new DataConfig(file.toString(), "gym", "tiny", GymConfig.defaults()));
        assertEquals(
                "data.train " + file + ": 1 problems (math; en); statement from \"question\"; answer from a number;"
                        + " kind math, as there is an answer; id from file and line; language en, as none is said",
                plan.get(0));
        assertEquals(
                "data.evaluation gym: its held-out half; data.evaluation=FILE takes problems of your own", plan.get(1));
    }
}
