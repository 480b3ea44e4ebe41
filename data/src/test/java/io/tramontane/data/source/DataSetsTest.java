package io.tramontane.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemFiles;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.SharedData;
import io.tramontane.data.gym.GymConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    @TempDir
    Path folder;

    private List<Problem> read(String name, String text) throws IOException {
        return DataSets.read(Files.writeString(folder.resolve(name), text));
    }

    @Test
    void gsm8kLosesItsCalculatorMarksAndCommas() throws IOException {
        Problem problem = read(
                        "train.jsonl",
                        "{\"question\":\"How many?\",\"answer\":\"He has 3*4=<<3*4=12>>12 k.\\n#### 12,000\"}\n")
                .get(0);
        assertEquals(
                Problem.math("gsm8k/train/1", "en", "How many?", "12000", Map.of("solution", "He has 3*4=12 k.")),
                problem);
    }

    @Test
    void mgsmTakesItsLanguageFromTheName() throws IOException {
        List<Problem> problems = read("mgsm_de.tsv", "Wie viele?\t18\nUnd jetzt?\t-1,250\n");
        assertEquals(Problem.math("mgsm/de/2", "de", "Und jetzt?", "-1250", Map.of()), problems.get(1));
        String error = assertThrows(BadInputException.class, () -> read("mgsm.tsv", "a\t1\n"))
                .getMessage();
        assertTrue(error.endsWith("mgsm.tsv: the name does not end in _LANGUAGE.tsv, as mgsm_de.tsv"), error);
    }

    @Test
    void svampJoinsBodyAndQuestion() throws IOException {
        String text = "[{\"ID\":\"chal-1\",\"Body\":\"Tom had 3 pens\",\"Question\":\"How many now?\",\"Answer\":3.0},"
                + "{\"ID\":\"chal-2\",\"Body\":\"He left.\",\"Question\":\"When?\",\"Answer\":100}]";
        List<Problem> problems = read("SVAMP.json", text);
        assertEquals(
                Problem.math("svamp/chal-1", "en", "Tom had 3 pens. How many now?", "3", Map.of()), problems.get(0));
        assertEquals("He left. When?", problems.get(1).statement());
        assertEquals("100", problems.get(1).answer());
    }

    @Test
    void mbppKeepsItsTestsForAVerifierThatRunsThem() throws IOException {
        Problem problem = read(
                        "mbpp.jsonl",
                        "{\"task_id\":7,\"text\":\"Double it.\",\"code\":\"def f(x): return 2*x\","
                                + "\"test_list\":[\"assert f(1)==2\",\"assert f(0)==0\"],\"test_setup_code\":\"import os\"}")
                .get(0);
        assertEquals("mbpp/7", problem.id());
        assertEquals(
                new Problem.TestCode("import os\nassert f(1)==2\nassert f(0)==0\n", List.of("f")), problem.testCode());
        assertTrue(problem.statement().contains("assert f(1)==2"));
        assertEquals(List.of(), problem.tests());
    }

    @Test
    void humanEvalKeepsTheHelpersOfThePromptWithTheTests() throws IOException {
        Problem problem = read(
                        "h.jsonl",
                        "{\"task_id\":\"H/1\",\"prompt\":\"def g(x):\\n    return -x\\n\\ndef f(x):\\n\","
                                + "\"canonical_solution\":\"    return 1\",\"entry_point\":\"f\",\"test\":\"def check(c):\\n    assert c(g(1))==1\"}")
                .get(0);
        assertEquals(
                new Problem.TestCode(
                        "def g(x):\n    return -x\n\ndef check(c):\n    assert c(g(1))==1\n\ncheck(f)\n", List.of("f")),
                problem.testCode());
        assertEquals(
                "def g(x):\n    return -x\n\ndef f(x):\n    return 1",
                problem.extra().get("solution"));
    }

    @Test
    void codeContestsAsksForEachProblemInBothLanguages() throws IOException {
        List<Problem> problems = read(
                "cc.jsonl",
                "{\"content\":\"Add.\",\"id\":3,\"test\":\"[{\\\"input\\\":{\\\"stdin\\\":\\\"1 2\\\"},\\\"output\\\":{\\\"stdout\\\":\\\"3\\\"}}]\"}");
        assertEquals(
                List.of("codecontests/3/python", "codecontests/3/cpp"),
                problems.stream().map(Problem::id).toList());
        assertEquals(List.of(new Problem.TestCase("1 2", "3")), problems.get(1).tests());
        String error = assertThrows(
                        BadInputException.class,
                        () -> read("bad.jsonl", "{\"content\":\"Add.\",\"id\":3,\"test\":\"[{}]\"}"))
                .getMessage();
        assertTrue(error.endsWith("bad.jsonl:1: test 1 must have \"input\" and \"output\""), error);
    }

    @Test
    void aFormThatIsNotKnownListsTheKnownOnes() {
        String error = assertThrows(BadInputException.class, () -> read("x.jsonl", "{\"foo\":1}\n"))
                .getMessage();
        assertTrue(error.contains("x.jsonl:1: a form that is not known, allowed problem files, GSM8K"), error);
    }

    @Test
    void theRealDataSetsAreReadWhole() {
        Path gsm8k = SharedData.path("gsm8k");
        List<Problem> both = DataSets.read(gsm8k);
        assertEquals(1319 + 7473, both.size());
        for (Problem problem : both) assertFalse(((String) problem.extra().get("solution")).contains("<<"));
        assertEquals("72", DataSets.read(gsm8k.resolve("train.jsonl")).get(0).answer());
        List<Problem> mgsm = DataSets.read(SharedData.path("mgsm"));
        assertEquals(11 * 250, mgsm.size());
        assertEquals(
                new TreeSet<>(List.of("bn", "de", "en", "es", "fr", "ja", "ru", "sw", "te", "th", "zh")),
                new TreeSet<>(mgsm.stream().map(Problem::language).toList()));
        assertEquals(1000, DataSets.read(SharedData.path("svamp/SVAMP.json")).size());
        assertEquals(974, DataSets.read(SharedData.path("mbpp/mbpp.jsonl")).size());
        List<Problem> humanEval = DataSets.read(SharedData.path("humaneval/HumanEval.jsonl.gz"));
        assertEquals(164, humanEval.size());
        assertEquals("humaneval/HumanEval/0", humanEval.get(0).id());
        assertEquals(40, DataSets.read(SharedData.path("code_contests_sample")).size());
        assertTrue(humanEval.get(0).testCode().source().endsWith("\ncheck(has_close_elements)\n"));
    }

    private ProblemSource fileSource(boolean evaluation, long seed) throws IOException {
        Path file = folder.resolve("ten.jsonl");
        ProblemFiles.write(
                file,
                IntStream.range(0, 10)
                        .mapToObj(i -> Problem.math("p" + i, "en", "?", "" + i, Map.of()))
                        .toList());
        DataConfig config = new DataConfig(file.toString(), file.toString(), "tiny", GymConfig.defaults());
        return new ProblemSources(DataFiles.LOCAL).open(config, evaluation, seed);
    }

    private static List<String> answers(ProblemSource source, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> source.get(i).answer()).toList();
    }

    @Test
    void aFileIsReadAgainInANewOrderWithEachProblemOnceAPass() throws IOException {
        ProblemSource source = fileSource(false, 1);
        assertEquals(OptionalLong.of(10), source.size());
        List<String> first = answers(source, 0, 10);
        List<String> second = answers(source, 10, 20);
        assertEquals(10, new TreeSet<>(first).size());
        assertEquals(new TreeSet<>(first), new TreeSet<>(second));
        assertNotEquals(first, second);
        assertEquals(first, answers(source, 0, 10));
        assertEquals(first, answers(fileSource(false, 1), 0, 10));
        assertNotEquals(first, answers(fileSource(false, 2), 0, 10));
    }

    @Test
    void anEvaluationFileIsReadInItsOwnOrder() throws IOException {
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), answers(fileSource(true, 5), 0, 10));
    }

    @Test
    void aSourceSurvivesTheWireOfSpark() throws Exception {
        ProblemSource source = fileSource(false, 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(source);
        ProblemSource copy =
                (ProblemSource) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertEquals(answers(source, 5, 25), answers(copy, 5, 25));
    }
}
