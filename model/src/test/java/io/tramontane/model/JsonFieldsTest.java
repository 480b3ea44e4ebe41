package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A config.json as Python writes it. */
class JsonFieldsTest {
    @TempDir
    Path folder;

    private JsonFields read(String text) throws IOException {
        return JsonFields.read(Files.writeString(folder.resolve("config.json"), text), 1 << 26);
    }

    @Test
    void whatIsNoNumberIsReadWhereNobodyUsesItAndRefusedByNameWhereWeDo() throws IOException {
        JsonFields json = read("\uFEFF{\"time_step_limit\":[0.0,Infinity],\"eps\":NaN,\"base\":1e5}");
        assertEquals(1e5, json.real("base", 0));
        String said =
                assertThrows(BadInputException.class, () -> json.real("eps", 0)).getMessage();
        assertEquals(folder + "/config.json: eps NaN is not a finite number", said);
    }

    @Test
    void aTextOf21MillionCharactersIsRead() throws IOException {
        assertEquals(
                21_000_000,
                read("{\"s\":\"" + "x".repeat(21_000_000) + "\"}").text("s", "").length());
    }
}
