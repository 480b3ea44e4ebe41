package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path folder;

    private Path written() throws IOException {
        Checkpoint.write(folder, PolicyTest.random(PolicyTest.SMALL, 1), null);
        return folder.resolve("model.safetensors");
    }

    private String refusal() {
        return assertThrows(BadInputException.class, () -> Checkpoint.read(folder, 0))
                .getMessage();
    }

    @Test
    void whatIsWrittenIsReadBackBitForBit() throws IOException {
        written();
        WeightSnapshot read = Checkpoint.read(folder, 7);
        assertEquals(PolicyTest.random(PolicyTest.SMALL, 1).digest(), read.digest());
        assertEquals(7, read.version());
        assertEquals(PolicyTest.SMALL, read.config());
    }

    @Test
    void everyTensorLiesWhereItsHeaderSays() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(written())).order(ByteOrder.LITTLE_ENDIAN);
        long header = file.getLong();
        // tied embedding 40 x 16, two layers of 16+16+8+8... : P = 640 + 2 * 1920 + 16 + ... computed by hand below
        // q 16x16 = 256, k 8x16 = 128, v 128, o 16x16 = 256, gate and up 24x16 = 384 each, down 384, norms 2 x 16
        long parameters = 40 * 16 + 2 * (256 + 128 + 128 + 256 + 3 * 384 + 32) + 16;
        assertEquals(parameters, PolicyTest.SMALL.parameters());
        assertEquals(8 + header + 4 * parameters, file.capacity());
        assertEquals(0, header % 8);
    }

    @Test
    void aTruncatedFileIsOneClearLine() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        assertTrue(refusal().contains("do not fit [16, 24] F32 and the "));
    }

    @Test
    void aHeaderLengthBeyondTheFileIsRefusedBeforeMemoryIsTaken() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 40);
        Files.write(file, bytes);
        assertTrue(refusal().contains("header length 1099511627776"));
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        rename("model.norm.weight", "model.worm.weight");
        assertTrue(refusal().endsWith("tensor model.norm.weight is missing"));
    }

    @Test
    void aMisshapenTensorIsNamed() throws IOException {
        rename("\"shape\":[40,16]", "\"shape\":[16,40]");
        assertTrue(refusal().contains("model.embed_tokens.weight: shape [16, 40], expected [40, 16]"));
    }

    private void rename(String from, String to) throws IOException {
        Path file = written();
        String latin = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(latin.contains(from));
        Files.writeString(
                file, latin.replaceFirst(java.util.regex.Pattern.quote(from), to), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anUnknownArchitectureIsNamed() throws IOException {
        written();
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("LlamaForCausalLM", "MambaForCausalLM"));
        assertTrue(refusal().contains("MambaForCausalLM"));
    }

    @Test
    void chunksOfASnapshotAreChecksummedByTensor() {
        WeightSnapshot one = PolicyTest.random(PolicyTest.SMALL, 1);
        WeightSnapshot other = PolicyTest.random(PolicyTest.SMALL, 1);
        TensorRange last = one.tensors().get(one.tensors().size() - 1);
        assertEquals(one.checksum(last), other.checksum(last));
        other.write(last.offset() * 4, ByteBuffer.wrap(new byte[] {1}));
        assertTrue(one.checksum(last) != other.checksum(last));
        assertEquals(
                one.checksum(one.tensors().get(0)),
                other.checksum(other.tensors().get(0)));
    }

    @Test
    void onlyTheFilesThatHoldWeightsAreCounted() throws IOException {
        Files.write(folder.resolve("second.safetensors"), new byte[1]);
        Path single = written();
        assertEquals(List.of(single), Checkpoint.weightFiles(folder));
        Path shards = Fixture.resources().resolve("llama3");
        assertEquals(
                List.of(
                        shards.resolve("model-00001-of-00002.safetensors"),
                        shards.resolve("model-00002-of-00002.safetensors")),
                Checkpoint.weightFiles(shards));
        Path gguf = Fixture.resources().resolve("llama.gguf");
        assertEquals(List.of(gguf), Checkpoint.weightFiles(gguf));
    }
}
