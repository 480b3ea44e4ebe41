package io.tramontane.app.cli;

import io.tramontane.cluster.files.Output;
import io.tramontane.data.AtomicFile;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.GgufExport;
import io.tramontane.model.GgufForm;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SaveForm;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A checkpoint as a Hugging Face folder to give away, or as a GGUF file for llama.cpp. */
@Command(
        name = "export",
        description = {
            "Writes a checkpoint, or a GGUF file, as a Hugging Face folder: weights, tokenizer, model card.",
            "With --gguf as one file for llama.cpp and programs that build on it."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What training alone needs (optimizer, state) stays behind. bf16 rounds float32 weights to nearest even.",
            "Example: tramontane export runs/2026-01-31-tiny/checkpoints/step-000144 --out my-model --dtype bf16",
            "         tramontane export runs/2026-01-31-tiny/checkpoints/step-000144 --out my-model.gguf --gguf Q8_0"
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

    @Option(
            names = "--out",
            required = true,
            paramLabel = "OUT",
            description =
                    "folder that it makes, which must not exist; with --gguf a file, which is replaced when complete")
    private Path out;

    @Option(
            names = "--adapter",
            paramLabel = "DIR3",
            description = "adds an adapter of LoRA in PEFT's form, e.g. CHECKPOINT/adapter, to the weights")
    private Path adapter;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "bf16 (two bytes a number, the default) or f32 (four, exact)")
    private WeightFormat dtype;

    @Option(
            names = "--gguf",
            paramLabel = "FORM",
            description = "one GGUF file instead: F16, Q8_0 (8 bits and a scale for 32 numbers), BF16 or F32")
    private GgufForm gguf;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (gguf != null && dtype != null)
            throw new BadInputException("--dtype is for a folder, --gguf for a file: name one of them");
        return gguf == null ? folder() : file();
    }

    private int folder() {
        WeightFormat format = dtype == null ? WeightFormat.BF16 : dtype;
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
            Checkpoint.write(beside.path(), weights(from, config), null, format.form());
            beside.rename(new LocalStorage(target));
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + out, e);
        } finally {
            remove(beside);
        }
        done(config, format.form().bfloat() ? "bfloat16" : "float32");
        return Tramontane.DONE;
    }

    private int file() {
        if (!out.getFileName().toString().endsWith(".gguf"))
            throw new BadInputException("--out " + out + ": must end in .gguf");
        Path from = ModelFolder.resolve(model);
        Output output = new Output("--out", out.toString());
        output.checkFile(Files.isRegularFile(from) ? List.of(model) : List.of());
        PolicyConfig config = Checkpoint.config(from);
        Memory.ofThisMachine().check(config);
        TokenizerFiles tokenizer = TokenizerFiles.of(from);
        GgufExport.check(config, tokenizer);
        output.replaces().ifPresent(spec.commandLine().getErr()::println);
        String name = out.getFileName().toString().replaceFirst("\\.gguf$", "");
        try (AtomicFile file = new LocalStorage(out).create()) {
            GgufExport export = new GgufExport(weights(from, config), tokenizer, gguf);
            try (OutputStream stream = file.stream()) {
                export.write(stream, name);
            }
            file.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + out, e);
        }
        done(config, gguf.name());
        return Tramontane.DONE;
    }

    private void done(PolicyConfig config, String form) {
        spec.commandLine()
                .getErr()
                .println(out + ": " + String.format(Locale.ROOT, "%,d parameters as %s", config.parameters(), form));
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
