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
record CodeExercise(CodeFamily family, CodeTask task, int[] constants, CodeLanguage codeLanguage) implements Exercise {
    private static final int TESTS = 20;

    @Override
    public String canonical() {
        return "code:" + task.key() + fill(":{k}:{m}:{c}");
    }

    @Override
    public Problem tell(String id, String language, int level, Dice dice) {
        Phrases phrases = family.phrases(language);
        return Problem.code(
                id,
                language,
                phrases.say(task.key(), dice, values()),
                codeLanguage,
                tests(),
                Exercise.extra(task.level(), CodeFamily.NAME, opening(language)));
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
        return phrases.fill(phrases.wordings("opening").get(0), values());
    }

    /** A detailed thought: what the program must do, and what it must print. */
    String detailed(String language) {
        Phrases phrases = family.phrases(language);
        String step = phrases.fill(phrases.wordings(task.thinkKey()).get(0), values());
        return opening(language) + phrases.gap() + step;
    }

    String guess(String language, Dice dice) {
        return family.phrases(language).say("guess", dice, values());
    }

    /** The answer sentence and the program in its fence. */
    String answer(String language, Dice dice) {
        String fence = codeLanguage == CodeLanguage.PYTHON ? "python" : "cpp";
        return family.phrases(language).say("answer", dice, values()) + "\n```" + fence + "\n" + program() + "\n```";
    }

    /** A right program. */
    String program() {
        if (codeLanguage == CodeLanguage.PYTHON) return fill(task.python());
        String body = fill(task.cpp()).lines().map(line -> "    " + line + "\n").reduce("", String::concat);
        return "#include <bits/stdc++.h>\nusing namespace std;\nint main() {\n" + body + "}";
    }

    private Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        values.put("code", codeLanguage == CodeLanguage.PYTHON ? "Python" : "C++");
        values.put("k", Integer.toString(constants[0]));
        values.put("m", Integer.toString(constants[1]));
        values.put("c", Integer.toString(constants[2]));
        values.put("e", fill(task.formula()));
        return values;
    }

    private String fill(String text) {
        String signed = (constants[2] < 0 ? "" : "+") + constants[2];
        return text.replace("{k}", Integer.toString(constants[0]))
                .replace("{m}", Integer.toString(constants[1]))
                .replace("{c}", signed);
    }
}
