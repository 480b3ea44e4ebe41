package io.tramontane.data.gym;

import io.tramontane.data.Problem.CodeLanguage;
import java.util.List;
import java.util.Locale;

/** Small programs that read whole numbers from standard input. Levels above {@code gym.codeTopLevel} ask for that one. */
final class CodeFamily implements ProgramFamily {
    static final String NAME = "code";
    private static final int LARGEST_FACTOR = 9;
    private static final int LARGEST_CONSTANT = 20;

    private final PhraseBook book;
    private final List<CodeLanguage> codeLanguages;
    private final int topLevel;

    CodeFamily(GymConfig config) {
        book = new PhraseBook(NAME, config.languages());
        codeLanguages = languages(config);
        topLevel = config.codeTopLevel();
    }

    /** What programs may be written in. */
    static List<CodeLanguage> languages(GymConfig config) {
        return config.codeLanguages().stream()
                .map(name -> CodeLanguage.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CodeExercise draw(int level, Dice dice) {
        int asked = Math.min(level, topLevel);
        CodeTask task = dice.pick(CodeTasks.ALL.stream()
                .filter(candidate -> candidate.level() == asked)
                .toList());
        int constant = dice.between(1, LARGEST_CONSTANT) * (dice.chance(0.5) ? 1 : -1);
        int[] constants = {dice.between(2, LARGEST_FACTOR), dice.between(2, LARGEST_FACTOR), constant};
        return new CodeExercise(this, task, constants, dice.pick(codeLanguages));
    }

    Phrases phrases(String language) {
        return book.in(language);
    }
}
