package io.tramontane.data.gym;

import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.gym.ChainFamily.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs for chains whose start is read: somebody has n things, each step adds or removes 1 to 12, doubles or triples; the
 * program prints how many there are in the end, as one formula. The level is the number of steps. To write the formula down
 * one has to work out its constants step by step, which is what the maths problems of {@link ChainFamily} ask for.
 * With two cases the steps depend on n, so that a program can be right in one case and wrong in the other.
 */
final class StoryCodeFamily implements ProgramFamily {
    /** One chain. */
    static final String STORIES = "stories";
    /** A chain for small n and another one for large n. */
    static final String CASES = "cases";

    private static final int SMALLEST_LIMIT = 10;
    private static final int LARGEST_LIMIT = 50;

    private final String name;
    private final PhraseBook story;
    private final PhraseBook code;
    private final List<CodeLanguage> codeLanguages;
    private final int topLevel;

    /** The family of this name. */
    StoryCodeFamily(String name, GymConfig config) {
        this.name = name;
        story = new PhraseBook(ChainFamily.NAME, config.languages());
        code = new PhraseBook(CodeFamily.NAME, config.languages());
        codeLanguages = CodeFamily.languages(config);
        topLevel = config.codeTopLevel();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StoryProgram draw(int level, Dice dice) {
        int asked = Math.min(level, topLevel);
        List<LinearChain> chains = new ArrayList<>();
        chains.add(chain(asked, dice));
        int limit = 0;
        if (name.equals(CASES)) {
            limit = dice.between(SMALLEST_LIMIT, LARGEST_LIMIT);
            chains.add(chain(asked, dice));
        }
        return new StoryProgram(
                this,
                dice.below(ChainStory.PEOPLE),
                dice.below(ChainStory.THINGS),
                chains,
                limit,
                dice.pick(codeLanguages));
    }

    private static LinearChain chain(int length, Dice dice) {
        List<Step> steps = new ArrayList<>();
        Linear value = Linear.START;
        while (steps.size() < length) {
            Step step = ChainFamily.step(dice);
            Linear after = value.after(step);
            if (!after.fits()) continue;
            steps.add(step);
            value = after;
        }
        return LinearChain.of(steps);
    }

    /** Sentences about people and things. */
    Phrases story(String language) {
        return story.in(language);
    }

    /** Sentences about programs. */
    Phrases code(String language) {
        return code.in(language);
    }
}
