package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DtypeOptionTest {
    @TempDir
    Path folder;

    private CommandLineRun generate(String dtype) throws IOException {
        Path prompts = Files.writeString(folder.resolve("F.jsonl"), "{\"prompt\":\"Two and two\"}\n");
        return CommandLineRun.of(List.of(
                        "generate",
                        "--model",
                        RandomModel.in(folder.resolve("model-" + dtype)),
                        "--prompts",
                        prompts,
                        "--out",
                        folder.resolve(dtype + ".jsonl"),
                        "--max-tokens",
                        "1",
                        "--temperature",
                        "0",
                        "--threads",
                        "1",
                        "--dtype",
                        dtype)
                .toArray());
    }

    private double logprob(String dtype) throws IOException {
        CommandLineRun run = generate(dtype);
        assertEquals(0, run.exit(), run.err());
        JsonNode line = new ObjectMapper().readTree(Files.readString(folder.resolve(dtype + ".jsonl")));
        return line.path("logprobs").get(0).asDouble();
    }

    @Test
    void bfloat16IsNearFloat32AndAutoIsFloat32OnACpu() throws IOException {
        double full = logprob("float32");
        assertEquals(full, logprob("auto"), 0);
        assertNotEquals(full, logprob("bfloat16"), 0);
        assertEquals(full, logprob("bfloat16"), 0.05);
    }

    @Test
    void anotherTypeIsRefusedInOneLine() throws IOException {
        CommandLineRun run = generate("half");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("--dtype half, allowed auto or float32 or bfloat16 or int8"), run.err());
    }
}
