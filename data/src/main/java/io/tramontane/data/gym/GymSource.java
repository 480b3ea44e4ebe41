package io.tramontane.data.gym;

import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import java.util.List;

/** Endless problems of one side of the split. Index i always gives the same problem for the same config and seed. */
final class GymSource implements ProblemSource {
    private static final long serialVersionUID = 1;
    /** Steps of the golden ratio spread points evenly at any length, so that levels keep their shares in short sets too. */
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final GymConfig config;
    private final Split side;
    private final long seed;
    private final transient Families families;

    GymSource(GymConfig config, Split side, long seed) {
        this.config = config;
        this.side = side;
        this.seed = seed;
        families = new Families(config);
    }

    @Override
    public Problem get(long index) {
        if (index < 0) throw new IllegalArgumentException("problem index " + index + ", allowed >= 0");
        Dice dice = Dice.of(seed, side.ordinal(), index);
        List<String> languages = config.languages();
        String language = languages.get((int) (index % languages.size()));
        int level = level(index);
        Family family = families.choose(index / languages.size(), dice);
        Exercise exercise = side.draw(family, level, dice);
        String id = "gym/" + (side == Split.TRAINING ? "train/" : "eval/") + seed + "/" + index;
        return exercise.tell(id, language, level, dice);
    }

    private int level(long index) {
        double point = Dice.of(seed, side.ordinal()).unit() + index * GOLDEN_RATIO;
        return 1 + Dice.weighted(config.levelWeights(), point - Math.floor(point));
    }

    private Object readResolve() {
        return new GymSource(config, side, seed);
    }
}
