package io.tramontane.app.fuzz;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.SftExample;
import io.tramontane.model.AdapterLayout;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.CheckpointManifest;
import io.tramontane.model.GgufExport;
import io.tramontane.model.GgufForm;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufTensor;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Files that belong to a model or are written for one: GGUF, adapters, a checkpoint's manifest, conversations. */
final class ModelReaders {
    private static final Set<Class<? extends Throwable>> BAD_INPUT = Set.of(BadInputException.class);

    private final Path model;
    private final Path scratch;

    /**
     * With a model to make samples from.
     *
     * @param model is only read
     * @param scratch for files to be read; is written over
     */
    ModelReaders(Path model, Path scratch) {
        this.model = model;
        this.scratch = scratch;
    }

    List<Target> all() throws Exception {
        return List.of(
                manifest(),
                gguf(),
                headOfGguf(),
                adapterFile("adapter_config.json"),
                adapterFile("adapter_model.safetensors"),
                conversations());
    }

    private Target manifest() throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("checkpoint"));
        for (String name : List.of("config.json", "generation_config.json", "tokenizer_config.json"))
            Files.copy(model.resolve(name), folder.resolve(name));
        Files.copy(
                model.resolve("config.json"),
                Files.createDirectory(folder.resolve("optimizer")).resolve("first"));
        LocalStorage place = new LocalStorage(folder);
        byte[] state = Files.readAllBytes(model.resolve("state.json"));
        CheckpointManifest.write(place, 2, "state.json", state);
        Files.write(folder.resolve("state.json"), state);
        Path file = folder.resolve(CheckpointManifest.NAME);
        return new Target(
                "manifest.json",
                List.of(Files.readAllBytes(file)),
                input -> {
                    Files.write(file, input);
                    CheckpointManifest.read(place).ifPresent(manifest -> manifest.check(place));
                },
                BAD_INPUT);
    }

    private byte[] asGguf() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new GgufExport(Checkpoint.read(model, 0), TokenizerFiles.of(model), GgufForm.F16).write(bytes, "tiny");
        return bytes.toByteArray();
    }

    private Target gguf() throws IOException {
        return new Target("GGUF", List.of(asGguf()), input -> readGguf(input, new byte[0]), BAD_INPUT);
    }

    /** What comes before the weights, which are as they were. */
    private Target headOfGguf() throws IOException {
        byte[] whole = asGguf();
        Path file = Files.write(scratch.resolve("whole.gguf"), whole);
        int head = (int) GgufFile.open(file).tensors().values().stream()
                .mapToLong(GgufTensor::offset)
                .min()
                .orElseThrow();
        byte[] weights = Arrays.copyOfRange(whole, head, whole.length);
        return new Target(
                "head of GGUF", List.of(Arrays.copyOf(whole, head)), input -> readGguf(input, weights), BAD_INPUT);
    }

    private void readGguf(byte[] head, byte[] weights) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head);
        bytes.writeBytes(weights);
        Path file = Files.write(scratch.resolve("mutated.gguf"), bytes.toByteArray());
        Checkpoint.read(file, 0);
        new HuggingFaceTokenizer(TokenizerFiles.of(file)).close();
    }

    private Path adapter() throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("adapter"));
        LoraConfig lora = new LoraConfig(2, 4, LoraConfig.NAMES);
        PolicyConfig policy = Checkpoint.config(model);
        new PeftAdapter(lora, new AdapterLayout(policy, lora).initial(1)).write(new LocalStorage(folder));
        return folder;
    }

    private Target adapterFile(String name) throws IOException {
        Path folder = adapter();
        PolicyConfig policy = Checkpoint.config(model);
        byte[] sound = Files.readAllBytes(folder.resolve(name));
        return new Target(
                name,
                List.of(sound),
                input -> {
                    Files.write(folder.resolve(name), input);
                    try {
                        PeftAdapter.read(folder, policy, 0).mergeInto(Checkpoint.read(model, 0));
                    } finally {
                        Files.write(folder.resolve(name), sound);
                    }
                },
                BAD_INPUT);
    }

    private Target conversations() throws Exception {
        String lines =
                """
                {"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":1}]}
                {"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":"b","reasoning_content":"r"}]}
                """;
        String calls =
                """
                {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"aaaaaaaaa","function":{"name":"f","arguments":"{\\"x\\":1}"}}]}],"tools":[{"function":{"name":"f","description":"d","parameters":{"type":"object"}}}]}
                """;
        Object renderer = Hidden.call(
                "trainer.Conversations", "renderer", "tiny", TokenizerFiles.of(chat()), LocalDate.of(2026, 1, 1));
        Predicate<SftExample> all = example -> true;
        return new Target(
                "conversations",
                List.of(lines.getBytes(StandardCharsets.UTF_8), calls.getBytes(StandardCharsets.UTF_8)),
                input -> Hidden.call(
                        "trainer.Conversations",
                        "open",
                        Files.write(scratch.resolve("conversations.jsonl"), input),
                        renderer,
                        all,
                        1L),
                BAD_INPUT);
    }

    /** The model's tokenizer with a template. */
    private Path chat() throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("chat"));
        Files.copy(model.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.copy(model.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% for c in m.tool_calls %}{{ c.function }}"
                        + "{% endfor %}\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        return folder;
    }
}
