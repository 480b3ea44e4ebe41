package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrequentLinesTest {
    private static LedgerEvent parsed(String line) {
        return FrequentLines.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatTheLedgerWritesIsReadAsAParserReadsIt() throws IOException {
        for (LedgerEvent event : new LedgerEvent[] {
            new LedgerEvent.Leased(1_700_000_000_000L, 0, "generator-0#12", 3),
            new LedgerEvent.Leased(0, 123_456_789_012L, "g", 0),
            new LedgerEvent.Delivered(17, 5, 16, 4_096)
        }) {
            String line = JsonReading.mapper().writerFor(LedgerEvent.class).writeValueAsString(event);
            assertEquals(event, parsed(line));
            assertEquals(event, JsonReading.mapper().readValue(line, LedgerEvent.class));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"lease\",\"at\":1,\"group\":,\"holder\":\"g\",\"version\":0}",
                "{\"event\":\"lease\",\"at\":1,\"group\":01,\"holder\":\"g\",\"version\":0}",
                "{\"event\":\"lease\",\"at\":1,\"group\":-1,\"holder\":\"g\",\"version\":0}",
                "{\"event\":\"lease\",\"at\":1,\"group\":1,\"holder\":\"g\",\"version\":0} ",
                "{\"event\":\"lease\",\"at\":1,\"group\":1,\"holder\":\"a\\\\b\",\"version\":0}",
                "{\"event\":\"lease\",\"at\":1,\"group\":1,\"holder\":\"g\",\"version\":3000000000}",
                "{\"event\":\"lease\",\"at\":1,\"group\":9999999999999999999,\"holder\":\"g\",\"version\":0}",
                "{\"event\":\"lease\",\"at\":1,\"group\":1,\"holder\":\"g",
                "{\"event\":\"delivered\",\"at\":1,\"group\":1,\"completions\":2}",
                "{\"event\":\"dropped\",\"at\":1,\"group\":1,\"reason\":\"unscored\"}",
                ""
            })
    void everythingElseIsLeftToTheParser(String line) {
        assertNull(parsed(line));
    }
}
