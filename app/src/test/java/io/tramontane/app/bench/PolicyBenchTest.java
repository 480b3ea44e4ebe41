package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.Dtype;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyBenchTest {
    @Test
    void theTinyPolicyIsMeasuredAgainstTheMachine() {
        List<String> lines = new ArrayList<>();
        Findings findings = new Findings("model", lines::add);
        PolicyBench.run(
                findings,
                "builtin:tiny",
                1,
                Dtype.FLOAT32,
                PolicyBench.Part.DECODING,
                MemoryBench.Sequences.defaults());
        JsonNode json = findings.json().path("model");
        assertEquals(1, json.path("threads").asInt());
        JsonNode decode = json.path("decode, 32 sequences");
        assertEquals("the smaller roofline", decode.path("of").asText());
        assertTrue(
                decode.path("share").asDouble() > 0.001 && decode.path("share").asDouble() < 2, decode.toString());
        assertEquals(
                json.size() - 2, // a line for each figure, one for name, threads and products
                lines.stream()
                        .filter(line -> !line.startsWith("slower with more"))
                        .count(),
                lines.toString());
    }
}
