package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The CPU stands for the device. */
class DeviceBenchTest {
    @Test
    void theTinyPolicyAgreesWithItselfAndIsMeasuredInBothTypes() {
        List<String> lines = new ArrayList<>();
        Findings findings = new Findings("device", lines::add);
        assertTrue(DeviceBench.run(findings, "builtin:tiny", 1, ComputeDevice.CPU), lines.toString());
        JsonNode json = findings.json();
        assertEquals("cpu", json.at("/device/name").asText());
        for (String type : List.of("float32", "bfloat16"))
            for (String figure : List.of("decode, 32 sequences", "prefill, 512 tokens", "train, 8 completions of 64")) {
                JsonNode node = json.path(type).path(figure);
                assertTrue(node.path("share").asDouble() > 0.001, type + " " + figure + " " + node);
            }
        JsonNode numerics = json.path("numerics");
        assertEquals(1 + 2 * 2 * 5, numerics.size(), numerics.toString());
        // float32 on the CPU is the reference itself; another order of additions is the only difference
        assertEquals(0, numerics.at("/float32, trainer/value").asDouble());
        assertTrue(numerics.at("/float32, generator, decoded/value").asDouble() < 1e-5, numerics.toString());
        double half = numerics.at("/bfloat16, trainer/value").asDouble();
        assertTrue(half > 1e-4 && half < 2e-2, numerics.toString());
    }

    @Test
    void whatIsNoNumberIsNotWithinALimit() {
        assertTrue(new DeviceNumerics.Check("a", 1e-4, 1e-3).passed());
        assertFalse(new DeviceNumerics.Check("a", 1e-3, 1e-3).passed());
        assertFalse(new DeviceNumerics.Check("a", Double.NaN, 1e-3).passed());
    }
}
