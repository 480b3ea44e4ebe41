package io.tramontane.data.gym;

import java.util.ArrayList;
import java.util.List;

/** The families that a config names. */
final class Families {
    private final List<Family> maths = new ArrayList<>();
    private final List<ProgramFamily> code;
    private final double codeShare;

    /** The config has checked names and languages. */
    Families(GymConfig config) {
        for (String name : config.families()) maths.add(make(name, config));
        code = config.codeShare() > 0 ? programs(config) : List.of();
        codeShare = config.codeShare();
    }

    private static Family make(String name, GymConfig config) {
        List<String> languages = config.languages();
        return switch (name) {
            case ChainFamily.NAME -> new ChainFamily(languages);
            case ArithmeticFamily.NAME -> new ArithmeticFamily(languages);
            case FractionFamily.NAME -> new FractionFamily(languages);
            case EquationFamily.NAME -> new EquationFamily(languages);
            case RemainderFamily.NAME -> new RemainderFamily(languages);
            case SequenceFamily.NAME -> new SequenceFamily(languages);
            case WordFamily.NAME -> new WordFamily(languages);
            default -> throw new IllegalStateException("GymConfig allows a family that is not made here: " + name);
        };
    }

    /** The families that ask for programs. */
    static List<ProgramFamily> programs(GymConfig config) {
        return config.codeFamilies().stream()
                .<ProgramFamily>map(name ->
                        name.equals(CodeFamily.NAME) ? new CodeFamily(config) : new StoryCodeFamily(name, config))
                .toList();
    }

    /** Code as often as its share says; the families of each take turns. */
    Family choose(long turn, Dice dice) {
        if (dice.chance(codeShare)) return code.get((int) (turn % code.size()));
        return maths.get((int) (turn % maths.size()));
    }
}
