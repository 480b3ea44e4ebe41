package io.tramontane.app.cli;

import io.tramontane.app.serve.Served;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.RolloutConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Options that say which model is served: one by itself, or the newest checkpoint of a run. */
final class ServedOptions {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "model folder in Hugging Face form, a run's checkpoints/step-000050, or builtin:tiny")
    private String model;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description = "serves the newest checkpoint of this run, and swaps newer ones in while requests go on")
    private RunFolder run;

    @Option(
            names = "--served-name",
            paramLabel = "NAME",
            description = "how clients call the model (default the folder's name)")
    private String name;

    @Option(
            names = "--chat",
            paramLabel = "NAME",
            description =
                    "chat template: the model's own (default), with the system prompt that comes with it (model-system);"
                            + " or that of training: tiny (default for small models without one), magistral, model, model-tokens")
    private String chat;

    @Option(
            names = "--date",
            paramLabel = "DAY",
            description = "date for chat templates that contain one, e.g. 2026-01-31 (default today)")
    private String date;

    private LocalCopy checkpoint;
    private Path folder;
    private int version;
    private Optional<Config> config = Optional.empty();

    /** The run that is followed. */
    Optional<RunFolder> run() {
        return Optional.ofNullable(run);
    }

    /** Refuses two models, and none. */
    void check() {
        if ((model == null) == (run == null))
            throw new BadInputException("serve: --model DIR or --run DIR, allowed one of them");
    }

    /** The model's shape; finds the model and checks that its tokenizer fits. */
    PolicyConfig shape() {
        if (run == null) folder = ModelFolder.resolve(model);
        else ofRun(RunFolder.existing(run));
        return Checkpoint.fittingConfig(folder);
    }

    /** The newest checkpoint; before there is one, the model that the run began with. */
    private void ofRun(RunFolder existing) {
        try (LocalCopy file = LocalCopy.of(existing.configYaml())) {
            config = Optional.of(ConfigReader.read(Config.defaults(), Optional.of(file.path()), List.of()));
        }
        OptionalInt newest = existing.latestCheckpoint();
        if (newest.isEmpty()) {
            folder = ModelFolder.resolve(config.get().model());
            return;
        }
        checkpoint = LocalCopy.of(existing.checkpoint(newest.getAsInt()));
        folder = checkpoint.path();
        version = newest.getAsInt();
    }

    /** Reads the weights. */
    Served served(RolloutConfig generator, int context) {
        try {
            TokenizerFiles files = TokenizerFiles.of(folder);
            ServedChat choice = servedChat();
            boolean small = SamplingOptions.isSmall(Checkpoint.config(folder));
            return new Served(
                    name(),
                    Checkpoint.read(folder, version),
                    files,
                    choice.format(files, small, SamplingOptions.day(date)),
                    choice.tags(files, small),
                    GenerationDefaults.of(files),
                    generator,
                    context);
        } finally {
            if (checkpoint != null) checkpoint.close();
        }
    }

    private ServedChat servedChat() {
        if (chat != null || config.isEmpty()) return new ServedChat(chat == null ? "" : chat, "");
        return new ServedChat(config.get().data().chat(), config.get().data().systemPrompt());
    }

    private String name() {
        if (name != null && !name.isBlank()) return name;
        if (name != null) throw new BadInputException("--served-name is empty");
        if (run != null) return run.absolute().name();
        if (model.startsWith("builtin:")) return model;
        return Path.of(model).toAbsolutePath().normalize().getFileName().toString();
    }
}
