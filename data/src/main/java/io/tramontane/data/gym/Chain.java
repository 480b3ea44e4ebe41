package io.tramontane.data.gym;

import io.tramontane.data.Problem;
import io.tramontane.data.gym.ChainFamily.Step;
import java.util.List;

/** A start and what happens to it. */
record Chain(ChainFamily family, int start, List<Step> steps) implements Exercise {
    /** By how much somebody is wrong who slips. */
    static final List<Integer> SLIPS = List.of(-10, -2, -1, 1, 2, 10);

    Chain {
        steps = List.copyOf(steps);
    }

    int result() {
        int value = start;
        for (Step step : steps) value = step.apply(value);
        return value;
    }

    @Override
    public String canonical() {
        StringBuilder text = new StringBuilder("chain:").append(start);
        for (Step step : steps) text.append(step.operation().symbol).append(step.n());
        return text.toString();
    }

    @Override
    public Problem tell(String id, String language, int level, Dice dice) {
        ChainStory story = story(dice);
        return Problem.math(
                id,
                language,
                story.statement(language, dice),
                Integer.toString(result()),
                Exercise.extra(level, ChainFamily.NAME, story.opening(language)));
    }

    /** Chooses who and what it is about. */
    ChainStory story(Dice dice) {
        return new ChainStory(this, dice.below(ChainStory.PEOPLE), dice.below(ChainStory.THINGS));
    }
}
