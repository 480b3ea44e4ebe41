package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BarTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void withoutATerminalALineIsPrintedEveryTenSeconds() {
        StringWriter output = new StringWriter();
        AtomicLong now = new AtomicLong();
        try (Bar bar = Bar.plain("score", 1_000, new PrintWriter(output, true), now::get)) {
            bar.to(400); // what an earlier run has left
            now.set(9 * SECOND);
            bar.to(450);
            assertEquals("", output.toString());
            now.set(10 * SECOND);
            bar.to(500);
            bar.to(510);
        }
        // 100 in ten seconds: 10 a second, 500 more take 50 s
        assertEquals("score: 500 of 1000 (50 %), 10.0 a second, 50 s left\n", output.toString());
    }
}
