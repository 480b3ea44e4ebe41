package io.tramontane.app.cli;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.StoredDataFiles;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.source.DataConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** What a training run has for commands that evaluate as it does: its config and its held-out problems. */
final class RunSettings {
    private RunSettings() {}

    /** The config of a run; without programs where there is no sandbox for them, which is told. */
    static Config config(RunFolder run, PrintWriter err) {
        RunFolder folder = RunFolder.existing(run);
        Config config;
        try (LocalCopy file = LocalCopy.of(folder.configYaml())) {
            config = ConfigReader.read(Config.defaults(), Optional.of(file.path()), List.of());
        }
        return TrainRun.withoutCodeUnlessSandboxed(config, new RunListener() {
            @Override
            public void message(String line) {
                err.println(line);
            }
        });
    }

    /** The first held-out problems, at most so many. */
    static List<Problem> heldOut(DataConfig data, long seed, long most) {
        ProblemSource source = StoredDataFiles.PROBLEMS.open(data, true, seed);
        long all = Math.min(most, source.size().orElse(Long.MAX_VALUE));
        return LongStream.range(0, all).mapToObj(source::get).toList();
    }
}
