package io.tramontane.data.gym;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.ProblemSource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeFamilyTest {
    private static final GymConfig CODE = new GymConfig(
            GymConfig.defaults().languages(),
            GymConfig.defaults().levelWeights(),
            List.of("chain"),
            1,
            List.of("python", "cpp"),
            6,
            List.of("code"));
    private final CodeFamily family = new CodeFamily(CODE);

    private CodeExercise exercise(String key, int k, int m, int c, CodeLanguage language) {
        CodeTask task = CodeTasks.ALL.stream()
                .filter(t -> t.key().equals(key))
                .findFirst()
                .orElseThrow();
        return new CodeExercise(family, task, new int[] {k, m, c}, language);
    }

    private static String solve(CodeExercise exercise, String stdin) {
        return exercise.task().solver().solve(exercise.constants(), CodeTask.numbers(stdin));
    }

    @Test
    void theReferencesAgreeWithAnswersWorkedByHand() {
        CodeLanguage p = CodeLanguage.PYTHON;
        assertEquals("22", solve(exercise("affine", 3, 2, 7, p), "5"));
        assertEquals("2", solve(exercise("pair", 3, 2, -4, p), "0 3"));
        assertEquals("13", solve(exercise("total", 2, 2, 1, p), "3\n1 2 3"));
        assertEquals("1", solve(exercise("above", 2, 2, 4, p), "3\n4 5 -6"));
        assertEquals("3 6", solve(exercise("divisible", 3, 2, 1, p), "4\n9 -3 0 4"));
        assertEquals("12", solve(exercise("gcd", 2, 3, 1, p), "6 8"));
        assertEquals("3", solve(exercise("digits", 2, 3, 1, p), "13"));
        assertEquals("3 1 4 2 5", solve(exercise("order", 3, 2, 1, p), "5\n5 4 3 2 1"));
        assertEquals("7", solve(exercise("window", 2, 2, 1, p), "9\n3 -9 4 3 0 1 1 1 1"));
        // 5 from 1, 2, 5: 5; 2+2+1; 2+1+1+1; 1+1+1+1+1
        assertEquals("4", solve(exercise("coins", 2, 3, 1, p), "5"));
    }

    @Test
    void everyLevelAndLanguageIsGenerated() {
        Set<String> generated = new TreeSet<>();
        ProblemSource source = Gym.training(CODE, 4);
        for (int i = 0; i < 700; i++) {
            Problem problem = source.get(i);
            assertEquals(Problem.Kind.CODE, problem.kind());
            assertEquals(20, problem.tests().size());
            assertFalse(problem.statement().contains("{"), problem.statement());
            boolean python = problem.codeLanguage() == CodeLanguage.PYTHON;
            assertTrue(problem.statement().contains(python ? "Python" : "C++"), problem.statement());
            generated.add(problem.language() + problem.level() + problem.codeLanguage());
        }
        assertEquals(7 * 6 * 2, generated.size(), generated.toString());
    }

    @Test
    void theTestsDoNotDependOnTheLanguageOfTheQuestion() {
        CodeExercise exercise = exercise("window", 4, 2, 9, CodeLanguage.PYTHON);
        assertEquals(
                exercise.tell("a", "en", 6, Dice.of(1)).tests(),
                exercise.tell("b", "zh", 6, Dice.of(2)).tests());
    }

    @Test
    void oneAnswerForAllTestsIsNeverRight() {
        for (CodeTask task : CodeTasks.ALL) {
            Problem problem = exercise(task.key(), 3, 5, 7, CodeLanguage.PYTHON).tell("a", "en", 1, Dice.of(1));
            Set<String> outputs = new HashSet<>();
            problem.tests().forEach(test -> outputs.add(test.stdout()));
            assertTrue(outputs.size() >= 8, task.key() + " has only the outputs " + outputs);
        }
    }

    @Test
    void levelsAboveTheTopAskForTheTop() {
        GymConfig easy = new GymConfig(
                List.of("en"),
                List.of(0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
                List.of(),
                1,
                List.of("python"),
                2,
                List.of("code"));
        for (int i = 0; i < 50; i++)
            assertEquals(2, Gym.training(easy, 1).get(i).level());
    }

    @Test
    void constantsThatDoNotMatterDoNotMoveAProblemAcrossTheSplit() {
        assertEquals(
                exercise("gcd", 2, 3, 5, CodeLanguage.PYTHON).canonical(),
                exercise("gcd", 2, 3, -9, CodeLanguage.CPP).canonical());
    }

    @Test
    void theKnownPythonSolutionsPassTheirTests(@TempDir Path folder) throws Exception {
        List<CodeExercise> all = CodeTasks.ALL.stream()
                .map(task -> exercise(task.key(), 3, 4, -7, CodeLanguage.PYTHON))
                .toList();
        ProgramRunner.assertPythonPasses(folder, all, CodeExercise::program);
    }

    @Test
    void theKnownCppSolutionsPassTheirTests(@TempDir Path folder) throws Exception {
        ProgramRunner.assertCppPasses(folder, exercise("order", 3, 4, -7, CodeLanguage.CPP), CodeExercise::program);
    }
}
