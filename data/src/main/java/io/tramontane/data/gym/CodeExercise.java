package io.tramontane.data.gym;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program to write.
 *
 * @param constants k, m and c
 * @param codeLanguage what it is to be written in; not part of what is asked, so the split ignores it
 */
record CodeExercise(CodeFamily family, CodeTask task, int[] constants, CodeLanguage codeLanguage)
        implements ProgramExercise {
    private static final int TESTS = 20;

    /** The program in Python holds exactly the constants that matter. */
    @Override
    public String canonical() {
        return "code:" + task.key() + ":" + fill(task.python());
    }

    @Override
    public Problem tell(String id, String language, int level, Dice dice) {
        Phrases phrases = family.phrases(language);
        return Problem.code(
                id,
                language,
                statement(phrases, dice),
                codeLanguage,
                tests(),
                Exercise.extra(task.level(), CodeFamily.NAME, opening(language)));
    }

    /** What to compute, and, where that sentence does not say it, in which programming language. */
    private String statement(Phrases phrases, Dice dice) {
        String wording = dice.pick(phrases.wordings(task.key()));
        String asked = phrases.fill(wording, values());
        return wording.contains("{code}") ? asked : asked + phrases.gap() + phrases.say("ask", dice, values());
    }

    /** The same tests whenever the same program is asked for. */
    private List<TestCase> tests() {
        Dice dice = Dice.of(canonical().hashCode());
        List<TestCase> tests = new ArrayList<>();
        for (int i = 0; i < TESTS; i++) {
            String stdin = task.inputs().make(i, dice);
            tests.add(new TestCase(stdin + "\n", task.solver().solve(constants, CodeTask.numbers(stdin)) + "\n"));
        }
        return tests;
    }

    String opening(String language) {
        Phrases phrases = family.phrases(language);
        String key = task.formula().isEmpty() ? "openingSteps" : "opening";
        return phrases.fill(phrases.wordings(key).get(0), values());
    }

    @Override
    public CodeExercise slipped(double share, Dice dice) {
        return this;
    }

    /** What the program must do, and what it must print. */
    @Override
    public String detailed(String language) {
        Phrases phrases = family.phrases(language);
        String step = phrases.fill(phrases.wordings(task.thinkKey()).get(0), values());
        return opening(language) + phrases.gap() + step;
    }

    @Override
    public String guess(String language, Dice dice) {
        return family.phrases(language).say("guess", dice, values());
    }

    @Override
    public String answer(String language, Dice dice) {
        return family.phrases(language).say("answer", dice, values()) + "\n"
                + ProgramText.fenced(codeLanguage, program());
    }

    /** A right program. */
    String program() {
        return codeLanguage == CodeLanguage.PYTHON ? fill(task.python()) : ProgramText.cpp(fill(task.cpp()));
    }

    private Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("code", ProgramText.name(codeLanguage));
        values.put("k", Integer.toString(constants[0]));
        values.put("m", Integer.toString(constants[1]));
        values.put("d", Integer.toString(constants[2]));
        values.put("q", Integer.toString(constants[0] + constants[1]));
        values.put("e", fill(task.formula()));
        return values;
    }

    private String fill(String text) {
        String signed = (constants[2] < 0 ? "" : "+") + constants[2];
        return text.replace("{k}", Integer.toString(constants[0]))
                .replace("{m}", Integer.toString(constants[1]))
                .replace("{c}", signed)
                .replace("{d}", Integer.toString(constants[2]))
                .replace("{q}", Integer.toString(constants[0] + constants[1]));
    }
}
