package io.tramontane.data.gym;

import io.tramontane.data.GymConfig;
import java.util.ArrayList;
import java.util.List;

/** The families that a config names. */
final class Families {
    private final List<Family> maths = new ArrayList<>();
    private final Family code;
    private final double codeShare;

    /** Unknown names and languages are errors here. */
    Families(GymConfig config) {
        for (String name : config.families()) maths.add(make(name, config));
        code = config.codeShare() > 0 ? new CodeFamily(config) : null;
        codeShare = config.codeShare();
    }

    private static Family make(String name, GymConfig config) {
        return switch (name) {
            case ChainFamily.NAME -> new ChainFamily(config.languages());
            default -> throw new IllegalArgumentException("gym.families holds " + name + ", allowed chain");
        };
    }

    /** Code as often as its share says; maths families take turns. */
    Family choose(long turn, Dice dice) {
        if (dice.chance(codeShare)) return code;
        return maths.get((int) (turn % maths.size()));
    }
}
