package io.tramontane.data;

import io.tramontane.data.gym.Gym;

/** Opens what {@link DataConfig} names. */
public final class ProblemSources {
    /** One held-out set for all runs, so that runs with different seeds can be compared. */
    private static final long EVALUATION_SEED = 0;

    private ProblemSources() {}

    /**
     * The source of training or evaluation problems: "gym", or a path that {@link DataSets} can read.
     *
     * @param evaluation true for the evaluation side; a file's first pass is then in its own order
     */
    public static ProblemSource open(DataConfig config, boolean evaluation, long seed) {
        String source = evaluation ? config.evaluation() : config.train();
        String key = evaluation ? "data.evaluation" : "data.train";
        if (!source.equals("gym")) return new FileSource(DataSets.read(LocalPath.of(key, source)), evaluation, seed);
        return evaluation ? Gym.evaluation(config.gym(), EVALUATION_SEED) : Gym.training(config.gym(), seed);
    }
}
