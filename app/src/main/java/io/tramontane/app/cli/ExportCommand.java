package io.tramontane.app.cli;

import io.tramontane.cluster.files.Output;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SaveForm;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A checkpoint as a Hugging Face folder to give away. */
@Command(
        name = "export",
        description = "Writes a checkpoint, or a GGUF file, as a Hugging Face folder: weights, tokenizer, model card.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What training alone needs (optimizer, state) stays behind. bf16 rounds float32 weights to nearest even.",
            "Example: tramontane export runs/2026-01-31-tiny/checkpoints/step-000144 --out my-model --dtype bf16"
        })
final class ExportCommand implements Callable<Integer> {
    /** How a number is written. */
    enum WeightFormat {
        F32,
        FLOAT32,
        BF16,
        BFLOAT16;

        SaveForm form() {
            return this == BF16 || this == BFLOAT16 ? SaveForm.half() : SaveForm.exact();
        }
    }

    @Parameters(paramLabel = "DIR", description = "model folder, checkpoint, .gguf file, or builtin:tiny")
    private String model;

    @Option(names = "--out", required = true, paramLabel = "DIR2", description = "folder that it makes; must not exist")
    private Path out;

    @Option(
            names = "--adapter",
            paramLabel = "DIR3",
            description = "adds an adapter of LoRA in PEFT's form, e.g. CHECKPOINT/adapter, to the weights")
    private Path adapter;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "bf16",
            description = "bf16 (two bytes a number, the default) or f32 (four, exact)")
    private WeightFormat dtype;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        new Output("--out", out.toString()).checkNewFolder();
        Path from = ModelFolder.resolve(model);
        PolicyConfig config = Checkpoint.config(from);
        Memory.ofThisMachine().check(config);
        TokenizerFiles tokenizer = TokenizerFiles.of(from);
        Path target = out.toAbsolutePath().normalize();
        if (Files.isDirectory(from) && target.startsWith(from.toAbsolutePath().normalize()))
            throw new BadInputException("--out " + out + ": lies in the folder that is exported, " + model);
        LocalStorage beside = new LocalStorage(target.resolveSibling("." + target.getFileName() + ".writing"));
        try {
            beside.deleteTree();
            tokenizer.write(beside.path());
            Checkpoint.write(beside.path(), weights(from, config), null, dtype.form());
            beside.rename(new LocalStorage(target));
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + out, e);
        } finally {
            remove(beside);
        }
        spec.commandLine()
                .getErr()
                .println(out + ": "
                        + String.format(
                                Locale.ROOT,
                                "%,d parameters as %s",
                                config.parameters(),
                                dtype.form().bfloat() ? "bfloat16" : "float32"));
        return Tramontane.DONE;
    }

    /** The adapter is read first: it is small, and a wrong one is refused at once. */
    private WeightSnapshot weights(Path from, PolicyConfig config) {
        if (adapter == null) return Checkpoint.read(from, 0);
        PeftAdapter peft = PeftAdapter.read(adapter, config, 0);
        WeightSnapshot weights = Checkpoint.read(from, 0);
        peft.mergeInto(weights);
        return weights;
    }

    private static void remove(LocalStorage folder) {
        try {
            folder.deleteTree();
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + folder.name(), e);
        }
    }
}
