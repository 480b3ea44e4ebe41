package io.tramontane.app.cli;

import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.BadInputException;
import io.tramontane.model.AdapterLayout;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.trainer.Sft;
import io.tramontane.trainer.SftConfig;
import io.tramontane.trainer.SftProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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
        footer = {
            "",
            "OUT/loss.jsonl has a line for each step, OUT/checkpoints/ the checkpoints for --resume (checkpointEvery);",
            "the model itself appears in OUT when all steps are done.",
            "Example: tramontane sft --config conf/tiny-sft.yaml --out tiny-cold-start"
        })
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

    @Option(
            names = "--resume",
            description = "continues from the newest checkpoint in --out, with the same config, to the same model")
    private boolean resume;

    @Option(names = "--dry-run", description = "prints the resolved config, then stops")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SftConfig resolved = ConfigReader.read(SftConfig.defaults(), Optional.of(Recipes.find(config)), sets);
        if (!resolved.model().isEmpty()) {
            PolicyConfig shape = Checkpoint.fittingConfig(ModelFolder.resolve(resolved.model()));
            if (resolved.lora().on()) new AdapterLayout(shape, resolved.lora()); // refuses what the model lacks
        }
        if (dryRun) {
            spec.commandLine().getOut().print(ConfigReader.print(resolved));
            spec.commandLine().getOut().flush();
            return Tramontane.DONE;
        }
        checkOut();
        long start = System.nanoTime();
        List<Double> losses = new ArrayList<>();
        TokenizerFiles files = TokenizerFiles.of(
                ModelFolder.resolve(resolved.model().isEmpty() ? ModelFolder.TINY : resolved.model()));
        try (Bar bar = Bar.of("sft", resolved.steps(), spec.commandLine().getErr())) {
            Consumer<SftProgress> shown = progress -> {
                bar.to(progress.step());
                losses.add(progress.loss());
                bar.note(String.format(Locale.ROOT, "loss %.3f", progress.loss()));
            };
            Sft.run(resolved, files, out, shown, spec.commandLine().getErr()::println);
        }
        spec.commandLine().getErr().println(out + " made in " + (System.nanoTime() - start) / 1_000_000_000 + " s");
        if (!losses.isEmpty())
            spec.commandLine()
                    .getErr()
                    .println("loss " + Sparkline.of(losses) + "; every step in " + out.resolve("loss.jsonl"));
        return Tramontane.DONE;
    }

    /** Checks the folder before any work, so that hours of training are not lost because it cannot be written. */
    private void checkOut() {
        if (!resume) {
            if (Files.isDirectory(out.resolve("checkpoints")) && !Files.exists(out.resolve("config.json")))
                throw new BadInputException(
                        "--out " + out + ": holds a cold start that is not finished, --resume continues it");
            new Output("--out", out.toString()).checkNewFolder();
            return;
        }
        if (!Files.isDirectory(out.resolve("checkpoints")))
            throw new BadInputException("--resume: " + out + " holds no checkpoints of a cold start");
        if (Files.exists(out.resolve("config.json")))
            throw new BadInputException("--resume: the cold start in " + out + " is finished");
        Storage.path(out.resolve("loss.jsonl").toString()).checkWritable();
    }
}
