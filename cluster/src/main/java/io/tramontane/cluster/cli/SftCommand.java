package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.data.TokenizerFiles;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.trainer.Sft;
import io.tramontane.trainer.SftConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The supervised cold start. */
@Command(
        name = "sft",
        description =
                "Trains a new small policy on the gym's traces, or a model on a data set's solutions: the cold start that reinforcement learning begins with.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: tramontane sft --config conf/tiny-sft.yaml --out tiny-cold-start"})
final class SftCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "YAML, e.g. conf/tiny-sft.yaml")
    private Path config;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "model folder that it makes; must not exist")
    private Path out;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "overrides one value of the config; may be repeated")
    private List<String> sets = List.of();

    @Option(names = "--dry-run", description = "prints the resolved config, then stops")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SftConfig resolved = ConfigReader.read(SftConfig.defaults(), Optional.of(config), sets);
        if (!resolved.model().isEmpty()) Checkpoint.fittingConfig(ModelFolder.resolve(resolved.model()));
        if (dryRun) {
            spec.commandLine().getOut().print(ConfigReader.print(resolved));
            spec.commandLine().getOut().flush();
            return Tramontane.DONE;
        }
        if (Files.exists(out)) throw new BadInputException("--out " + out + ": exists already, name a new folder");
        long start = System.nanoTime();
        TokenizerFiles files = TokenizerFiles.of(
                ModelFolder.resolve(resolved.model().isEmpty() ? ModelFolder.TINY : resolved.model()));
        try (Bar bar = Bar.of("sft", resolved.steps(), spec.commandLine().getErr())) {
            Sft.run(resolved, files, out, progress -> {
                bar.to(progress.step());
                bar.note(String.format(Locale.ROOT, "loss %.3f", progress.loss()));
            });
        }
        spec.commandLine().getErr().println(out + " made in " + (System.nanoTime() - start) / 1_000_000_000 + " s");
        return Tramontane.DONE;
    }
}
