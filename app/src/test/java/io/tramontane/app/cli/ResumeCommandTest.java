package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumeCommandTest {
    private static final Path HERE = Path.of("/home/ada/tramontane");

    @Test
    void whatIsPrintedCanBeTypedAgain() {
        assertEquals(
                "Continue with: bin/tramontane train --resume --run runs/a",
                new ResumeCommand("runs/a", null).text(Map.of(), HERE.toString(), HERE));
        assertEquals(
                "Continue with: TRAMONTANE_CLASSPATH='my classes' /home/ada/tramontane/bin/tramontane train --resume"
                        + " --run '/runs/it'\\''s mine' --master 'local-cluster[3,1,1024]'",
                new ResumeCommand("/runs/it's mine", "local-cluster[3,1,1024]")
                        .text(Map.of("TRAMONTANE_CLASSPATH", "my classes"), HERE.toString(), Path.of("/tmp")));
    }

    @Test
    void sparkSubmitIsNotOurLauncher() {
        assertEquals(
                "Continue with the same spark-submit and: train --resume --run r",
                new ResumeCommand("r", null).text(Map.of(), null, HERE));
    }
}
