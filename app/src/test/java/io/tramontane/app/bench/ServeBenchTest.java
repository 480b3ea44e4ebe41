package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bench of a server, small. */
class ServeBenchTest {
    @Test
    void throughputAndFirstTokensAreMeasured() throws Exception {
        Path tiny = ModelFolder.resolve(ModelFolder.TINY);
        List<String> lines = new ArrayList<>();
        Findings findings = new Findings("serve", lines::add);
        ServeBench.Size size = new ServeBench.Size(4, 1, 16, 64, 2, 3);
        new ServeBench(findings, Checkpoint.read(tiny, 0), TokenizerFiles.of(tiny), 1, size).run();
        JsonNode json = findings.json().path("serve");
        assertEquals(6, json.size(), json.toString());
        assertEquals("the generator alone", json.path("4 clients").path("of").asText());
        json.forEach(figure -> assertTrue(figure.path("value").asDouble() > 0, json.toString()));
        assertEquals(7, lines.size(), lines.toString());
    }
}
