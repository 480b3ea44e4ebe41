package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that PEFT made, and ours that PEFT was seen to load: {@code tools/peft_check.py}. */
class PeftAdapterTest {
    private static final Path ADAPTERS = Fixture.resources().resolveSibling("adapters");

    @TempDir
    Path folder;

    /** PEFT's in float64, up to 10; transformers' own float32 is up to 1.4e-5 from its float64 on these models. */
    @ParameterizedTest
    @ValueSource(strings = {"llama3", "qwen2"})
    void anAdapterOfPeftGivesTheLogitsOfPeft(String name) {
        Fixture fixture = Fixture.folder(name);
        float[] expected = PolicyReferenceTest.logits(ADAPTERS.resolve(name));
        WeightSnapshot base = Checkpoint.read(fixture.model(), 0);
        PeftAdapter adapter = PeftAdapter.read(ADAPTERS.resolve(name), base.config(), 0);
        assertEquals(3, adapter.lora().rank());
        assertEquals(
                name.equals("qwen2") ? List.of("q_proj", "v_proj") : LoraConfig.NAMES,
                adapter.lora().targets());
        try (Policy policy = new Policy(base, Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU, adapter.lora())) {
            policy.load(policy.trained(), adapter.weights());
            assertArrayEquals(expected, PolicyReferenceTest.logits(policy, fixture.sequence()), 2e-5f);
        }
        adapter.mergeInto(base);
        try (Policy merged = new Policy(base, Numerics.FAST, ComputeDevice.CPU)) {
            assertArrayEquals(expected, PolicyReferenceTest.logits(merged, fixture.sequence()), 2e-5f);
        }
    }

    private static String digest(Path file) throws Exception {
        byte[] sha = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(sha);
    }

    /** Leaves them in target/adapters, with the merged weights and our log-probabilities beside them. */
    @ParameterizedTest
    @ValueSource(strings = {"llama3", "qwen2"})
    void filesAreThoseThatPeftLoaded(String name) throws Exception {
        Fixture fixture = Fixture.folder(name);
        WeightSnapshot base = Checkpoint.read(fixture.model(), 0);
        List<String> targets = name.equals("qwen2") ? List.of("v_proj", "q_proj") : LoraConfig.NAMES;
        AdapterLayout layout = new AdapterLayout(base.config(), new LoraConfig(4, 6, targets));
        Path written = Path.of("target/adapters", name);
        Path adapterFolder = Files.createDirectories(written.resolve("adapter"));
        try (Policy policy = new Policy(base, Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU, layout.lora())) {
            policy.load(policy.trained(), LoraTrainingTest.random(layout, 9));
            Checkpoint.write(written, policy.snapshot(0), null);
            WeightSnapshot adapters = policy.snapshot(policy.trained(), 0);
            new PeftAdapter(layout.lora(), adapters).write(new LocalStorage(adapterFolder));
            PeftAdapter read = PeftAdapter.read(adapterFolder, base.config(), 0);
            assertEquals(adapters.digest(), read.weights().digest());
            assertTrue(read.lora().sameAs(layout.lora()));
            writeLogprobs(written, policy.logprobs(PackedSequences.of(fixture.sequence(), 1), 1));
        }
        JsonNode recorded = Fixture.json(ADAPTERS.resolve("checked.json")).path(name);
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors"))
            assertEquals(recorded.path(file).asText(), digest(adapterFolder.resolve(file)), file);
    }

    private static void writeLogprobs(Path folder, float[] logprobs) throws IOException {
        TensorRange range = new TensorRange("logprobs", new long[] {logprobs.length}, 0, logprobs.length);
        WeightSnapshot numbers = new WeightSnapshot(PolicyTest.SMALL, List.of(range), 0);
        ByteBuffer bytes = ByteBuffer.allocate(logprobs.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float logprob : logprobs) bytes.putFloat(logprob);
        numbers.write(0, bytes.flip());
        new SafetensorsWriter(numbers, SaveForm.exact())
                .writeFile(new LocalStorage(folder.resolve("logprobs.safetensors")), numbers.tensors(), Map.of());
    }

    private String refused(String from, String to) throws IOException {
        Path original = ADAPTERS.resolve("llama3");
        String config = Files.readString(original.resolve("adapter_config.json"));
        assertTrue(config.contains(from), from);
        Files.writeString(folder.resolve("adapter_config.json"), config.replace(from, to));
        Path tensors = folder.resolve("adapter_model.safetensors");
        if (Files.notExists(tensors)) Files.copy(original.resolve("adapter_model.safetensors"), tensors);
        PolicyConfig policy = Checkpoint.config(Fixture.folder("llama3").model());
        return assertThrows(BadInputException.class, () -> PeftAdapter.read(folder, policy, 0))
                .getMessage();
    }

    @Test
    void otherKindsOfAdaptersAreRefusedByName() throws IOException {
        Path file = folder.resolve("adapter_config.json");
        assertEquals(file + ": use_dora true is not supported", refused("\"use_dora\": false", "\"use_dora\": true"));
        assertEquals(
                file + ": rank_pattern {\"q_proj\":2} is not supported",
                refused("\"rank_pattern\": {}", "\"rank_pattern\": {\"q_proj\": 2}"));
        assertEquals(file + ": peft_type \"IA3\", allowed LORA", refused("\"LORA\"", "\"IA3\""));
        assertEquals(file + ": bias \"all\", allowed none", refused("\"bias\": \"none\"", "\"bias\": \"all\""));
        assertEquals(folder + ": r 0, allowed >= 1", refused("\"r\": 3", "\"r\": 0"));
        assertTrue(
                refused("\"r\": 3", "\"r\": 2").contains("shape [3, 32], expected [2, 32]"),
                refused("\"r\": 3", "\"r\": 2"));
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        PolicyConfig mixtral = Checkpoint.config(Fixture.folder("mixtral").model());
        String message = assertThrows(
                        BadInputException.class, () -> PeftAdapter.read(ADAPTERS.resolve("llama3"), mixtral, 0))
                .getMessage();
        assertTrue(message.contains("a MixtralForCausalLM has no such matrix"), message);
        String none = assertThrows(BadInputException.class, () -> PeftAdapter.read(folder, mixtral, 0))
                .getMessage();
        assertEquals(folder + ": no adapter_config.json, so this is no adapter of PEFT", none);
    }
}
