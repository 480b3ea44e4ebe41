package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.files.Output;
import io.tramontane.data.LocalStorage;
import io.tramontane.model.AdapterLayout;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An output that cannot be written is one line before any work, whatever the command. */
class OutputTest {
    private static final String PROBLEM =
            "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\",\"tokens\":[1,2]}\n";

    @TempDir
    Path folder;

    private Path in;
    private Map<String, List<Object>> commands;

    @BeforeEach
    void inputs() throws IOException {
        in = Files.writeString(folder.resolve("in.jsonl"), PROBLEM);
        Path completions = Files.writeString(
                folder.resolve("C.jsonl"), "{\"problemId\":\"a\",\"group\":0,\"completion\":\"x\"}\n");
        String tiny = "builtin:tiny";
        commands = Map.of(
                "score", List.of("score", "--problems", in, "--completions", completions),
                "generate", List.of("generate", "--model", tiny, "--prompts", in),
                "logprobs", List.of("logprobs", "--model", tiny, "--tokens", in),
                "evaluate", List.of("evaluate", "--model", tiny, "--problems", in),
                "curate", List.of("curate", "tests", "--problems", in),
                "sft",
                        List.of(
                                "sft",
                                "--config",
                                Path.of(System.getProperty("tramontane.root", ".."), "conf/tiny-sft.yaml")),
                "export", List.of("export", tiny),
                "bench", List.of("bench", "score"));
    }

    private String refused(String command, Object out) {
        List<Object> args = new ArrayList<>(commands.get(command));
        args.addAll(List.of("--out", out));
        return complaint(args.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "generate", "logprobs", "evaluate", "curate", "bench"})
    void aFileThatCannotBeMade(String command) throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        assertEquals(there + ": is a folder, must be a file", refused(command, there));
        assertEquals(
                folder + "/none/S.jsonl: folder " + folder + "/none does not exist",
                refused(command, folder.resolve("none/S.jsonl")));
        assertEquals("/proc/S.jsonl: folder /proc is not writable", refused(command, "/proc/S.jsonl"));
        assertEquals(
                folder + "/in.jsonl/S.jsonl: folder " + in + " does not exist",
                refused(command, in.resolve("S.jsonl")));
        assertEquals("--out " + folder + "/S/: ends in /, must be a file", refused(command, folder + "/S/"));
        assertEquals(
                folder + "/S.jsonl.zst: is compressed by zstd, allowed gzip (.gz) or no compression",
                refused(command, folder.resolve("S.jsonl.zst")));
        assertEquals("/dev/null: is not a regular file and cannot be replaced by one", refused(command, "/dev/null"));
        assertLeft("C.jsonl", "in.jsonl", "there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "generate", "logprobs", "evaluate", "curate"})
    void theInputItself(String command) throws IOException {
        assertEquals("--out " + in + ": is the same file as the input " + in, refused(command, in));
        Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), in);
        assertEquals("--out " + link + ": is the same file as the input " + in, refused(command, link));
        assertEquals(PROBLEM, Files.readString(in));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sft", "export"})
    void aFolderThatCannotBeMade(String command) throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        assertEquals("--out " + there + ": exists already, name a new folder", refused(command, there));
        assertEquals("--out " + in + ": exists already, name a new folder", refused(command, in));
        assertEquals(
                "--out " + folder + "/none/M: folder " + folder + "/none does not exist",
                refused(command, folder.resolve("none/M")));
        assertEquals("--out /proc/M: folder /proc is not writable", refused(command, "/proc/M"));
        String address = refused(command, "s3a://bucket/M");
        assertTrue(
                address.contains("'--out': s3a://bucket/M: s3a: is an address, allowed a path on this machine"),
                address);
        assertLeft("C.jsonl", "in.jsonl", "there");
    }

    @Test
    void anOutputAmongTheInputsIsRefused() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        Files.copy(folder.resolve("C.jsonl"), parts.resolve("C.jsonl"));
        String[] score = {"score", "--problems", in.toString(), "--completions", parts.toString(), "--out"};
        assertEquals(
                "--out " + parts + "/S.jsonl: lies in the folder of inputs " + parts,
                complaint(Stream.concat(Stream.of(score), Stream.of(parts + "/S.jsonl"))
                        .toArray()));
        score[4] = parts + "/*.jsonl";
        assertEquals(
                "--out " + parts + "/S.jsonl: fits the pattern of inputs " + parts + "/*.jsonl",
                complaint(Stream.concat(Stream.of(score), Stream.of(parts + "/S.jsonl"))
                        .toArray()));
        assertEquals(
                "--report " + folder + "/Q.jsonl: is the same file as the input " + folder + "/Q.jsonl",
                complaint(
                        "curate",
                        "tests",
                        "--problems",
                        in,
                        "--out",
                        folder.resolve("Q.jsonl"),
                        "--report",
                        folder.resolve("Q.jsonl")));
        assertEquals(
                "--out " + folder + "/E.json: is the same file as the input " + folder + "/E.json",
                complaint(
                        "evaluate",
                        "--model=builtin:tiny",
                        "--problems",
                        in,
                        "--out",
                        folder.resolve("E.json"),
                        "--samples-out",
                        folder.resolve("E.json")));
    }

    @Test
    void aFileThatWillBeReplacedIsNamed() throws IOException {
        Path old = Files.writeString(folder.resolve("S.jsonl"), "old");
        assertEquals(
                Optional.of(old + " exists and is replaced when the new one is complete"),
                new Output("--out", old.toString()).replaces());
        assertEquals(Optional.empty(), new Output("--out", folder + "/new").replaces());
    }

    @Test
    void aReportWhoseRunFolderCannotBeWritten() {
        assertEquals("run folder /proc holds no run: /proc/config.yaml is missing", complaint("report", "/proc"));
    }

    private void assertLeft(String... names) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(names),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void anExportedCheckpointIsHalfAsLargeAndReadAgain() throws IOException {
        Path out = folder.resolve("M");
        CommandLineRun run = CommandLineRun.of("export", "builtin:tiny", "--out", out, "--dtype", "bf16");
        assertEquals(0, run.exit(), run.err());
        assertEquals(out + ": 921,856 parameters as bfloat16\n", run.err());
        long bytes = Files.size(out.resolve("model.safetensors"));
        assertTrue(bytes > 2 * 921_856 && bytes < 2 * 921_856 + 10_000, bytes + " bytes");
        for (String name : List.of("README.md", "generation_config.json", "tokenizer.json", "config.json"))
            assertTrue(Files.exists(out.resolve(name)), name);
        Path again = folder.resolve("N");
        assertEquals(
                0,
                CommandLineRun.of("export", out, "--out", again, "--dtype", "f32")
                        .exit());
        Path third = folder.resolve("O");
        assertEquals(0, CommandLineRun.of("export", again, "--out", third).exit());
        assertEquals(-1, Files.mismatch(out.resolve("model.safetensors"), third.resolve("model.safetensors")));
        assertEquals(
                "--out " + out.resolve("inner") + ": lies in the folder that is exported, " + out,
                complaint("export", out, "--out", out.resolve("inner")));
    }

    @Test
    void aGgufFileIsMadeReadAgainAndReplaced() throws IOException {
        Path out = folder.resolve("M.gguf");
        CommandLineRun run = CommandLineRun.of("export", "builtin:tiny", "--out", out, "--gguf", "F32");
        assertEquals(0, run.exit(), run.err());
        assertEquals(out + ": 921,856 parameters as F32\n", run.err());
        WeightSnapshot tiny = Checkpoint.read(ModelFolder.resolve("builtin:tiny"), 0);
        assertEquals(tiny.digest(), Checkpoint.read(out, 0).digest());
        assertEquals(tiny.config(), Checkpoint.config(out));
        run = CommandLineRun.of("export", "builtin:tiny", "--out", out, "--gguf", "Q8_0");
        assertEquals(
                out + " exists and is replaced when the new one is complete\n" + out + ": 921,856 parameters as Q8_0\n",
                run.err());
        assertEquals(1.1, Files.size(out) / 921_856.0, 0.05); // 34 bytes for 32 numbers, and the vocabulary
        assertEquals(
                "--out " + out + ": is the same file as the input " + out,
                complaint("export", out, "--out", out, "--gguf", "F16"));
        assertLeft("C.jsonl", "M.gguf", "in.jsonl");
    }

    @Test
    void aGgufFileThatFailsMidwayLeavesNothing() throws IOException {
        WeightSnapshot weights = Checkpoint.read(ModelFolder.resolve("builtin:tiny"), 0);
        TensorRange late = weights.tensors().stream()
                .filter(tensor -> tensor.name().equals("model.layers.3.mlp.down_proj.weight"))
                .findFirst()
                .orElseThrow();
        ByteBuffer large = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        weights.write(late.offset() * Float.BYTES, large.putFloat(1e6f).flip());
        Path model = folder.resolve("model");
        TokenizerFiles.of(ModelFolder.resolve("builtin:tiny")).write(model);
        Checkpoint.write(model, weights, null);
        assertEquals(
                "tensor model.layers.3.mlp.down_proj.weight: a number of magnitude 1000000.0, F16 allows less than 65520.0:"
                        + " write BF16 or F32",
                complaint("export", model, "--out", folder.resolve("M.gguf"), "--gguf", "F16"));
        assertLeft("C.jsonl", "in.jsonl", "model");
    }

    /** B A of rank 1 and alpha 2 with A = 1 and B = 1 adds 2 to every number of the adapted matrices. */
    @Test
    void anAdapterIsMergedIntoWhatIsExported() throws IOException {
        WeightSnapshot base = Checkpoint.read(ModelFolder.resolve("builtin:tiny"), 0);
        LoraConfig lora = new LoraConfig(1, 2, List.of("v_proj"));
        WeightSnapshot ones = new AdapterLayout(base.config(), lora).initial(1);
        ByteBuffer bytes = ByteBuffer.allocate((int) ones.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) bytes.putFloat(1);
        ones.write(0, bytes.flip());
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        new PeftAdapter(lora, ones).write(new LocalStorage(adapter));
        Path out = folder.resolve("merged");
        CommandLineRun run =
                CommandLineRun.of("export", "builtin:tiny", "--adapter", adapter, "--out", out, "--dtype", "f32");
        assertEquals(0, run.exit(), run.err());
        WeightSnapshot merged = Checkpoint.read(out, 0);
        for (TensorRange tensor : base.tensors()) {
            double added = tensor.name().contains("v_proj") ? 2 : 0;
            assertEquals(first(base, tensor) + added, first(merged, tensor), 1e-6, tensor.name());
        }
        assertEquals(
                folder + ": no adapter_config.json, so this is no adapter of PEFT",
                complaint("export", "builtin:tiny", "--adapter", folder, "--out", folder.resolve("P")));
        assertTrue(Files.notExists(folder.resolve("P")));
    }

    private static float first(WeightSnapshot weights, TensorRange tensor) {
        ByteBuffer number = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(tensor.offset() * Float.BYTES, number);
        return number.getFloat(0);
    }
}
