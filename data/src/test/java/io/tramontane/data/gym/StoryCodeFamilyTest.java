package io.tramontane.data.gym;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.gym.ChainFamily.Operation;
import io.tramontane.data.gym.ChainFamily.Step;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryCodeFamilyTest {
    private static final GymConfig GYM = new GymConfig(
            GymConfig.defaults().languages(),
            GymConfig.defaults().levelWeights(),
            List.of("chain"),
            1,
            List.of("python"),
            6,
            List.of("stories", "cases"));
    private static final Step ADD_5 = new Step(Operation.ADD, 5);
    private static final Step REMOVE_3 = new Step(Operation.REMOVE, 3);
    private static final Step DOUBLE = new Step(Operation.DOUBLE, 2);
    private static final Step TRIPLE = new Step(Operation.TRIPLE, 3);

    private static StoryProgram stories(Step... steps) {
        return program(new StoryCodeFamily("stories", GYM), 0, LinearChain.of(List.of(steps)));
    }

    private static StoryProgram cases(int limit, LinearChain small, LinearChain large) {
        return program(new StoryCodeFamily("cases", GYM), limit, small, large);
    }

    private static StoryProgram program(StoryCodeFamily family, int limit, LinearChain... chains) {
        return new StoryProgram(family, 0, 0, List.of(chains), limit, CodeLanguage.PYTHON);
    }

    @Test
    void theFormulaIsWorkedOutStepByStep() {
        assertEquals(
                "At the start Emma has n apples. Then she has 5 more, so n+5=n+5. Then she has twice as many, so (n+5)*2=n*2+10."
                        + " Then she has 3 fewer, so n*2+10-3=n*2+7. Then she has three times as many, so (n*2+7)*3=n*6+21.",
                stories(ADD_5, DOUBLE, REMOVE_3, TRIPLE).detailed("en"));
        assertEquals(
                "n = int(input())\nprint(n*6+21)",
                stories(ADD_5, DOUBLE, REMOVE_3, TRIPLE).program());
        assertEquals("n = int(input())\nprint(n*2)", stories(DOUBLE).program());
    }

    @Test
    void theStatementTellsTheChainAndAsksForAProgram() {
        Problem problem = stories(ADD_5).tell("a", "en", 1, Dice.of(1));
        assertTrue(
                problem.statement()
                        .matches(
                                "Emma has n apples\\. (Then she gets|After that she finds) 5 more\\. How many apples does Emma have"
                                        + " (now|in the end)\\? Read a whole number n and print the result\\. Write the program in Python\\."),
                problem.statement());
        Problem twoCases = cases(12, LinearChain.of(List.of(ADD_5)), LinearChain.of(List.of(DOUBLE)))
                .tell("a", "fr", 1, Dice.of(1));
        assertTrue(
                twoCases.statement()
                        .matches("Léa a n pommes\\. Si n<12 : (Ensuite|Puis) .* Si n>11 : (Ensuite|Puis) .*"),
                twoCases.statement());
    }

    @Test
    void theTestsExpectWhatTheChainMakesOfEachNumber() {
        // n = 0: (0 + 5) * 2; n = 1: (1 + 5) * 2
        List<Problem.TestCase> tests =
                stories(ADD_5, DOUBLE).tell("a", "en", 2, Dice.of(1)).tests();
        assertEquals(20, tests.size());
        assertEquals(new Problem.TestCase("0\n", "10\n"), tests.get(0));
        assertEquals(new Problem.TestCase("1\n", "12\n"), tests.get(1));
        // with the limit 12 the first two tests are 11 and 12: 11 + 5 and 12 * 2
        List<Problem.TestCase> both = cases(12, LinearChain.of(List.of(ADD_5)), LinearChain.of(List.of(DOUBLE)))
                .tell("a", "en", 1, Dice.of(1))
                .tests();
        assertEquals(new Problem.TestCase("11\n", "16\n"), both.get(0));
        assertEquals(new Problem.TestCase("12\n", "24\n"), both.get(1));
    }

    @Test
    void aProgramThatIsWrongInOneCasePassesHalfOfTheTests() {
        LinearChain right = LinearChain.of(List.of(ADD_5));
        LinearChain wrong = new LinearChain(List.of(DOUBLE), List.of(new Linear(3, 0)));
        StoryProgram believed = cases(12, right, wrong);
        assertEquals("n = int(input())\nprint(n+5 if n < 12 else n*3)", believed.program());
        int passed = 0;
        for (Problem.TestCase test : believed.tell("a", "en", 1, Dice.of(1)).tests()) {
            long n = Long.parseLong(test.stdin().trim());
            long printed = n < 12 ? n + 5 : n * 3;
            if (test.stdout().equals(printed + "\n")) passed++;
        }
        assertEquals(10, passed);
    }

    @Test
    void aSlipIsCarriedOnIntoTheProgramButNotIntoTheTests() {
        int slips = 0;
        for (int i = 0; i < 200; i++) {
            StoryProgram asked = stories(ADD_5, DOUBLE);
            StoryProgram believed = asked.slipped(1, Dice.of(i));
            int first = believed.chains().get(0).results().get(0).constant();
            Linear last = believed.chains().get(0).result();
            assertTrue(Set.of(3, 4, 6, 7, 15, 5).contains(first), "first " + first); // 5 - 10 would be below 0: no slip
            assertTrue(believed.program().contains("print(" + last.text() + ")"));
            assertEquals(
                    asked.tell("a", "en", 2, Dice.of(1)).tests(),
                    believed.tell("a", "en", 2, Dice.of(1)).tests());
            if (first != 5) slips++;
        }
        assertEquals(167, slips, 20); // five of six are in range
        StoryProgram asked = stories(ADD_5, DOUBLE);
        assertEquals(asked, asked.slipped(0, Dice.of(1)));
    }

    @Test
    void theSplitDependsOnTheStepsAlone() {
        assertEquals("stories:n+5*2", stories(ADD_5, DOUBLE).canonical());
        assertEquals(
                "cases:12:n+5:n*2",
                cases(12, LinearChain.of(List.of(ADD_5)), LinearChain.of(List.of(DOUBLE)))
                        .canonical());
    }

    @Test
    void everyLevelHasProblemsOnBothSidesAndSmallNumbers() {
        StoryCodeFamily family = new StoryCodeFamily("stories", GYM);
        Set<Split> sides = EnumSet.noneOf(Split.class);
        for (int level = 1; level <= 6; level++) {
            for (int i = 0; i < 200; i++) {
                StoryProgram drawn = family.draw(level, Dice.of(level, i));
                if (level == 1) sides.add(Split.of(drawn));
                assertEquals(level, drawn.chains().get(0).steps().size());
                Linear formula = drawn.chains().get(0).truth();
                assertTrue(formula.fits(), formula.text());
                assertFalse(formula.constant() > 60 || formula.factor() > 9, formula.text());
            }
        }
        assertEquals(EnumSet.allOf(Split.class), sides);
    }

    @Test
    void cppProgramsSayTheSame() {
        StoryProgram python = cases(12, LinearChain.of(List.of(ADD_5)), LinearChain.of(List.of(DOUBLE)));
        StoryProgram cpp = new StoryProgram(python.family(), 0, 0, python.chains(), 12, CodeLanguage.CPP);
        assertTrue(cpp.program().contains("    cout << (n < 12 ? n+5 : n*2) << endl;\n"), cpp.program());
        assertEquals(python.canonical(), cpp.canonical());
    }

    @Test
    void tracesOfStoriesAndCasesComeInEqualShares() {
        GymTraces traces = new GymTraces(
                GYM,
                TraceConfig.defaults(),
                problem -> io.tramontane.data.MarkedText.foreign(problem.statement() + "\n"),
                1);
        int programs = 0;
        int twoCases = 0;
        for (int i = 0; i < 3000; i++) {
            String completion = traces.get(i, 0.5).completion();
            if (!completion.contains("```")) continue;
            programs++;
            if (completion.contains(" else ")) twoCases++;
        }
        assertEquals(0.5, (double) twoCases / programs, 0.04);
    }

    private static List<StoryProgram> drawn(String name, String codeLanguage, int count) {
        GymConfig config = new GymConfig(
                List.of("en"), List.of(1.0), List.of("chain"), 1, List.of(codeLanguage), 6, List.of(name));
        StoryCodeFamily family = new StoryCodeFamily(name, config);
        return IntStream.range(0, count)
                .mapToObj(i -> family.draw(1 + i % 6, Dice.of(i)))
                .toList();
    }

    @Test
    void theProgramsOfStoriesPassTheirTestsInPython(@TempDir Path folder) throws Exception {
        ProgramRunner.assertPythonPasses(folder, drawn("stories", "python", 60), StoryProgram::program);
        ProgramRunner.assertPythonPasses(folder, drawn("cases", "python", 60), StoryProgram::program);
    }

    @Test
    void theProgramOfTwoCasesPassesItsTestsInCpp(@TempDir Path folder) throws Exception {
        ProgramRunner.assertCppPasses(folder, drawn("cases", "cpp", 3).get(2), StoryProgram::program);
    }
}
