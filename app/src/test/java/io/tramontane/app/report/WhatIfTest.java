package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatIfTest {
    @TempDir
    Path folder;

    private String resumed(int step) {
        return WhatIf.of(new RunFolder(folder), Config.defaults()).resumed(step);
    }

    @Test
    void aRunWhoseMetricsCannotBeReadCanBeReplayed() throws IOException {
        Files.createDirectory(folder.resolve("metrics.jsonl")); // reading it is an error of the system
        assertEquals("", resumed(1));
    }

    @Test
    void rowsOfAnotherShapeAndLinesThatAreNoRowsAreLeftOut() throws IOException {
        Files.writeString(
                folder.resolve("metrics.jsonl"),
                "{\"kind\":\"train\",\"step\":\"one\",\"seconds\":[]}\n{\"kind\":7}\nnot JSON\n{\"kind\":\"train\",\"st");
        assertEquals("", resumed(1));
    }
}
