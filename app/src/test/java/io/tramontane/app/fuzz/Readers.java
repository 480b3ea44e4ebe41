package io.tramontane.app.fuzz;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.flight.Json;
import io.tramontane.cluster.ledger.History;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.ByteChunks;
import io.tramontane.data.CompletionFiles;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.ProblemFiles;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import io.tramontane.data.StoragePath;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every place where bytes come in that somebody else has written, with valid inputs out of a whole run folder. */
final class Readers {
    private static final Set<Class<? extends Throwable>> BAD_INPUT = Set.of(BadInputException.class);
    private static final Set<Class<? extends Throwable>> BAD_ARGUMENT = Set.of(IllegalArgumentException.class);
    private static final String MESSAGES = "io.tramontane.cluster.roles.Messages$";

    private final Path run;
    private final Path scratch;

    /**
     * With a run folder to take samples from.
     *
     * @param scratch for files to be read; is written over
     */
    Readers(Path run, Path scratch) {
        this.run = run;
        this.scratch = scratch;
    }

    List<Target> all() throws Exception {
        List<Target> targets = new ArrayList<>(config());
        targets.addAll(lines());
        targets.addAll(checkpoints());
        targets.addAll(records());
        targets.addAll(messages());
        targets.addAll(new DataReaders(scratch).all());
        targets.addAll(new ModelReaders(run.resolve("checkpoints/step-000002"), scratch).all());
        targets.addAll(new RunReaders(run, scratch).all());
        return targets;
    }

    /** Those of a server, which must be closed. */
    FlightTargets calls() throws Exception {
        return new FlightTargets(scratch.resolve("runs"), groups(), reward());
    }

    private List<Group> groups() {
        return BatchArrow.read(run.resolve("batches/step-000002.arrow")).groups().stream()
                .map(ScoredGroup::group)
                .toList();
    }

    private List<Target> config() throws IOException {
        List<byte[]> flags = new ArrayList<>();
        for (String flag : List.of(
                "trainer.loss.clipHigh=0.28", "data.train=problems.jsonl", "cluster.generators=2", "schedule=[]"))
            flags.add(flag.getBytes(StandardCharsets.UTF_8));
        byte[] stages = "trainer: {steps: 9}\nschedule:\n- step: 3\n  set: {rollout.maxTokens: 2048}\n"
                .getBytes(StandardCharsets.UTF_8);
        return List.of(
                file(
                        "config file",
                        List.of(sample("config.yaml"), stages),
                        "config.yaml",
                        file -> ConfigReader.read(Config.defaults(), Optional.of(file), List.of())),
                new Target(
                        "--set",
                        flags,
                        input -> ConfigReader.read(
                                Config.defaults(),
                                Optional.empty(),
                                List.of(new String(input, StandardCharsets.UTF_8))),
                        BAD_INPUT));
    }

    private List<Target> lines() {
        byte[] problems = utf8(
                """
                {"id":"m","kind":"math","language":"en","statement":"1+1?","answer":"2","tags":{"level":"1"}}
                {"id":"c","kind":"code","codeLanguage":"python","language":"en","statement":"Add.","tests":[{"stdin":"1 2","stdout":"3"}]}
                """);
        byte[] functions = utf8(
                """
                {"id":"f","kind":"code","codeLanguage":"python","language":"en","statement":"?","testCode":"assert f(2)==4","entryPoints":["f"]}
                """);
        byte[] gsm = utf8("{\"question\":\"How many?\",\"answer\":\"2 and 2 is 4\\n#### 4\"}\n");
        byte[] completions = utf8(
                """
                {"problemId":"m","group":0,"completion":"<think>x</think>\\\\boxed{2}","tokenCount":9}
                {"problemId":"m","group":1,"completion":"y","other":[1,{"a":null}]}
                """);
        return List.of(
                file("problems", List.of(problems, functions, gsm), "problems.jsonl", ProblemFiles::read),
                file(
                        "completions",
                        List.of(completions),
                        "completions.jsonl",
                        f -> CompletionFiles.read(f, Set.of("m"))),
                file(
                        "rows of Arrow",
                        List.of(bytes(run.resolve("batches/step-000001.arrow"))),
                        "rows.arrow",
                        Readers::readRows));
    }

    private static void readRows(Path file) {
        try (var rows = RowForm.read(new LocalStorage(file))) {
            while (rows.hasNext()) rows.next();
        }
    }

    private List<Target> checkpoints() throws Exception {
        Path model = copy("checkpoints/step-000002");
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        int head =
                8 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = Arrays.copyOfRange(whole, 8, head);
        byte[] numbers = Arrays.copyOfRange(whole, head, whole.length);
        return List.of(
                within(model, "model.safetensors", List.of(whole), changed -> {
                    Files.write(weights, changed);
                    Checkpoint.read(model, 0);
                }),
                new Target(
                        "header of safetensors",
                        List.of(header),
                        changed -> {
                            ByteBuffer file = ByteBuffer.allocate(8 + changed.length + numbers.length)
                                    .order(ByteOrder.LITTLE_ENDIAN);
                            Files.write(
                                    weights,
                                    file.putLong(changed.length)
                                            .put(changed)
                                            .put(numbers)
                                            .array());
                            try {
                                Checkpoint.read(model, 0);
                            } finally {
                                Files.write(weights, whole);
                            }
                        },
                        BAD_INPUT),
                within(model, "config.json", List.of(bytes(model.resolve("config.json"))), changed -> {
                    Files.write(model.resolve("config.json"), changed);
                    Checkpoint.read(model, 0);
                }),
                within(model, "tokenizer.json", List.of(bytes(model.resolve("tokenizer.json"))), changed -> {
                    Files.write(model.resolve("tokenizer.json"), changed);
                    TokenizerFiles.of(model).checkFits(Checkpoint.config(model).vocabulary());
                    new HuggingFaceTokenizer(TokenizerFiles.of(model)).close();
                }),
                within(model, "state.json", List.of(bytes(model.resolve("state.json"))), changed -> {
                    Files.write(model.resolve("state.json"), changed);
                    state(model);
                }));
    }

    /** The class is known to its package only. */
    private static void state(Path folder) throws Exception {
        Method read = Class.forName("io.tramontane.trainer.StateFile").getDeclaredMethod("read", StoragePath.class);
        read.setAccessible(true);
        try {
            read.invoke(null, new LocalStorage(folder));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }

    private List<Target> records() {
        byte[] batch = bytes(run.resolve("batches/step-000002.arrow"));
        Batch read = BatchArrow.read(run.resolve("batches/step-000002.arrow"));
        byte[] stream = new byte[Math.toIntExact(BatchArrow.toBytes(read).size())];
        BatchArrow.toBytes(read).read(0, ByteBuffer.wrap(stream));
        return List.of(
                new Target(
                        "ledger",
                        List.of(bytes(run.resolve("ledger/events.jsonl"))),
                        input -> History.read(new LocalStorage(Files.write(scratch.resolve("events.jsonl"), input))),
                        Set.of(BadInputException.class, IllegalStateException.class)),
                file("batch", List.of(batch), "step-000002.arrow", BatchArrow::read),
                new Target(
                        "batch on its way", List.of(stream), i -> BatchArrow.fromBytes(ByteChunks.of(i)), BAD_ARGUMENT),
                new Target(
                        "groups on their way",
                        List.of(GroupArrow.toBytes(groups())),
                        GroupArrow::fromBytes,
                        BAD_ARGUMENT));
    }

    private List<Target> messages() throws ReflectiveOperationException {
        Map<String, String> samples = Map.of(
                "Hello", "{\"holder\":{\"name\":\"generator-0\",\"attempt\":3},\"pid\":7,\"host\":\"h\"}",
                "LeaseRequest",
                        "{\"holder\":{\"name\":\"generator-0\",\"attempt\":3},\"groups\":4,\"pulse\":{\"idle\":1,\"wall\":2}}",
                "Watch",
                        "{\"holder\":{\"name\":\"g\",\"attempt\":3},\"version\":4,\"resting\":true,\"evaluations\":[1,2]}",
                "Scored", "{\"holder\":{\"name\":\"v\",\"attempt\":3},\"group\":4,\"rewards\":[" + reward() + "]}",
                "Working", "{\"holder\":{\"name\":\"v\",\"attempt\":3},\"groups\":[4,5]}",
                "Next", "{\"holder\":{\"name\":\"t\",\"attempt\":3},\"step\":4,\"pulse\":{\"idle\":1,\"wall\":2}}",
                "Saved", "{\"holder\":{\"name\":\"t\",\"attempt\":3},\"step\":4}");
        List<Target> targets = new ArrayList<>();
        targets.add(message(
                "Flight command",
                "io.tramontane.cluster.flight.Json$Command",
                "{\"name\":\"lease\",\"request\":{\"a\":[1]}}"));
        for (Map.Entry<String, String> sample : new TreeMap<>(samples).entrySet())
            targets.add(message("Flight message " + sample.getKey(), MESSAGES + sample.getKey(), sample.getValue()));
        return targets;
    }

    private static String reward() {
        RewardBreakdown reward =
                new RewardBreakdown(0.1, 0.9, 0, 0, Verdict.CORRECT, "right", "2", List.of("en", "en", "en"), 3);
        return new String(Json.write(reward), StandardCharsets.UTF_8);
    }

    private static Target message(String name, String type, String sample) throws ClassNotFoundException {
        Class<?> record = Class.forName(type);
        return new Target(
                name,
                List.of(utf8(sample)),
                input -> Json.convert(Json.tree(input), record),
                Set.of(UncheckedIOException.class, IllegalArgumentException.class));
    }

    private interface FileReader {
        void read(Path file) throws Exception;
    }

    private Target file(String name, List<byte[]> samples, String fileName, FileReader reader) {
        Path file = scratch.resolve(fileName);
        return new Target(name, samples, input -> reader.read(Files.write(file, input)), BAD_INPUT);
    }

    /** A file of a model folder, which is put back after each input. */
    private static Target within(Path model, String fileName, List<byte[]> samples, Target.Reader reader) {
        byte[] sound = bytes(model.resolve(fileName));
        return new Target(
                fileName,
                samples,
                input -> {
                    try {
                        reader.read(input);
                    } finally {
                        Files.write(model.resolve(fileName), sound);
                    }
                },
                BAD_INPUT);
    }

    private Path copy(String folder) throws IOException {
        Path to = scratch.resolve("model");
        try (var files = Files.walk(run.resolve(folder))) {
            for (Path file : files.toList()) {
                Path target = to.resolve(run.resolve(folder).relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target);
            }
        }
        return to;
    }

    private byte[] sample(String name) {
        return bytes(run.resolve(name));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
