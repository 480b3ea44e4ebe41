package io.tramontane.data.source;

import io.tramontane.data.ProblemSource;
import io.tramontane.data.gym.Gym;
import java.util.List;

/**
 * Opens what {@link DataConfig} names.
 *
 * @param files where the problems are that are no gym's
 */
public record ProblemSources(DataFiles files) {
    /** One held-out set for all runs, so that runs with different seeds can be compared. */
    private static final long EVALUATION_SEED = 0;

    /**
     * The source of training or evaluation problems: "gym", or a path that {@link DataSets} can read.
     *
     * @param evaluation true for the evaluation side; a file's first pass is then in its own order
     */
    public ProblemSource open(DataConfig config, boolean evaluation, long seed) {
        String source = evaluation ? config.evaluation() : config.train();
        String key = evaluation ? "data.evaluation" : "data.train";
        if (!source.equals("gym")) return new FileSource(read(key, source).problems(), evaluation, seed);
        return evaluation ? Gym.evaluation(config.gym(), EVALUATION_SEED) : Gym.training(config.gym(), seed);
    }

    /** The problems of a path that a key or an option names. */
    public DataSet read(String key, String source) {
        return DataSets.open(files.place(key, source), files);
    }

    /**
     * Where the problems of a run come from and how they are read, a line for each side, for a person; none where both sides
     * are the gym. Reads the files, so that a broken one is found.
     */
    public List<String> plan(DataConfig config) {
        if (config.train().equals("gym") && config.evaluation().equals("gym")) return List.of();
        return List.of(
                "data.train " + text("data.train", config.train(), "its training half"),
                "data.evaluation " + text("data.evaluation", config.evaluation(), "its held-out half")
                        + (config.evaluation().equals("gym")
                                ? "; data.evaluation=FILE takes problems of your own"
                                : ""));
    }

    private String text(String key, String source, String half) {
        return source + ": " + (source.equals("gym") ? half : read(key, source).text());
    }
}
