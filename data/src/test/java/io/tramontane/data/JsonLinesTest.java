package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file of lines may be, and what is said of one that is something else. */
class JsonLinesTest {
    private static List<String> read(byte[] bytes, String name) {
        return read(new ByteArrayInputStream(bytes), name);
    }

    private static List<String> read(InputStream in, String name) {
        List<String> lines = new ArrayList<>();
        try (JsonLines rows = new JsonLines(in, name)) {
            rows.forEachRemaining(row -> lines.add(row.where() + " " + row.object()));
        }
        return lines;
    }

    private static String refused(byte[] bytes, String name) {
        return assertThrows(BadInputException.class, () -> read(bytes, name)).getMessage();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zipped(byte[]... members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] member : members)
            try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
                zip.write(member);
            }
        return bytes.toByteArray();
    }

    @Test
    void aByteOrderMarkAndBlankLinesAreSteppedOver() throws IOException {
        byte[] text = utf8("\uFEFF\n{\"a\":1}\r\n\r\n  \t\n{\"b\":2}\n\n");
        List<String> expected = List.of("F.jsonl:2 {\"a\":1}", "F.jsonl:5 {\"b\":2}");
        assertEquals(expected, read(text, "F.jsonl"));
        List<String> unzipped = read(zipped(text), "F.jsonl.gz");
        assertEquals(List.of("F.jsonl.gz:2 {\"a\":1}", "F.jsonl.gz:5 {\"b\":2}"), unzipped);
        assertEquals("F.jsonl: the file is empty, needs at least one JSON object", refused(utf8("\n \n"), "F.jsonl"));
    }

    @Test
    void severalZippedMembersAreOneFileAlsoFromAStreamThatKnowsNothingAhead() throws IOException {
        byte[] bytes = zipped(utf8("{\"a\":1}\n"), utf8("{\"b\":2}\n"));
        InputStream blind = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int at, int length) {
                return super.read(into, at, Math.min(length, 7));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
        assertEquals(List.of("F.gz:1 {\"a\":1}", "F.gz:2 {\"b\":2}"), read(blind, "F.gz"));
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16LE, UTF-16 (little endian)",
        "UTF-16BE, UTF-16 (big endian)",
        "UTF-16, UTF-16",
        "x-UTF-16LE-BOM, UTF-16",
        "X-UTF-32LE-BOM, UTF-32",
        "X-UTF-32BE-BOM, UTF-32"
    })
    void otherEncodingsAreNamed(String encoding, String said) {
        byte[] text = "{\"a\":1}\n".getBytes(Charset.forName(encoding));
        assertEquals("F.jsonl: is " + said + ", must be UTF-8", refused(text, "F.jsonl"));
    }

    @ParameterizedTest
    @CsvSource({
        "F.jsonl.zst, is compressed by zstd",
        "F.jsonl.bz2, is compressed by bzip2",
        "F.jsonl.xz, is compressed by xz",
        "F.jsonl.snappy, is compressed by snappy",
        "F.JSONL.LZ4, is compressed by lz4",
        "F.br, is compressed by brotli",
        "F.zip, is a zip archive",
        "F.tar.gz, is a tar archive"
    })
    void aNameWithACompressionThatWeDoNotHaveIsRefused(String name, String said) {
        assertEquals(name + ": " + said + ", allowed gzip (.gz) or no compression", refused(utf8("{\"a\":1}\n"), name));
    }

    @ParameterizedTest
    @CsvSource({
        "28b52ffd0458, is compressed by zstd, gzip (.gz) or no compression",
        "425a6839314159, is compressed by bzip2, gzip (.gz) or no compression",
        "fd377a585a000004, is compressed by xz, gzip (.gz) or no compression",
        "ff060000734e61507059, is compressed by snappy, gzip (.gz) or no compression",
        "1f8b08000000, is compressed by gzip, if the name ends in .gz"
    })
    void aCompressedFileWithAPlainNameIsRefusedByItsFirstBytes(String start, String said, String allowed) {
        assertEquals(
                "F.jsonl: " + said + ", allowed " + allowed,
                refused(HexFormat.of().parseHex(start), "F.jsonl"));
    }

    @Test
    void aStringOf21MillionCharactersIsRead() {
        String line = "{\"s\":\"" + "x".repeat(21_000_000) + "\"}";
        assertEquals(
                21_000_000, JsonLines.parse(line, "F:1").path("s").textValue().length());
        String name = "{\"" + "n".repeat(60_000) + "\":1}";
        assertEquals(1, JsonLines.parse(name, "F:1").size());
    }

    @Test
    void numbersAndLevelsHaveLimitsThatAreSaid() {
        assertEquals(
                1, JsonLines.parse("{\"n\":" + "7".repeat(5_000) + "}", "F:1").size());
        String digits = assertThrows(
                        BadInputException.class, () -> JsonLines.parse("{\"n\":" + "7".repeat(100_001) + "}", "F:1"))
                .getMessage();
        assertEquals(
                "F:1: not a JSON object: Number value length (100001) exceeds the maximum allowed (100000)", digits);
        String deep = assertThrows(
                        BadInputException.class,
                        () -> JsonLines.parse("{\"n\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}", "F:1"))
                .getMessage();
        assertEquals("F:1: not a JSON object: Document nesting depth (1001) exceeds the maximum allowed (1000)", deep);
    }

    @Test
    void aLineAboveTheLimitSaysTheLimitAndHowToRaiseIt() {
        try {
            LineLimit.set(1);
            assertEquals(
                    "F.jsonl:2: the line is longer than 1 MiB, allowed 1 MiB; --longest-line MEBIBYTES raises it to at most 1023",
                    refused(utf8("{}\n{\"s\":\"" + "x".repeat(1 << 20) + "\"}\n"), "F.jsonl"));
            assertEquals(
                    2,
                    read(utf8("{}\n{\"s\":\"" + "x".repeat((1 << 20) - 8) + "\"}\n"), "F.jsonl")
                            .size());
        } finally {
            LineLimit.set(256);
        }
        assertEquals(
                "--longest-line 0, allowed 1 to 1023 (mebibytes)",
                assertThrows(BadInputException.class, () -> LineLimit.set(0)).getMessage());
    }

    @Test
    void blankLinesWithoutEndAreNotRead() {
        long[] given = new long[1];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return '\n';
            }

            @Override
            public int read(byte[] into, int at, int length) {
                java.util.Arrays.fill(into, at, at + length, (byte) '\n');
                given[0] += length;
                return length;
            }
        };
        String said = assertThrows(BadInputException.class, () -> read(endless, "F.jsonl"))
                .getMessage();
        assertEquals("F.jsonl:1000001: 1000001 lines of blanks so far, allowed 1000000 and 256 MiB", said);
        assertTrue(given[0] < 2_000_000, given[0] + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999"})
    void whatIsNoNumberMayStandInAFieldThatNobodyUses(String value) {
        String line = "{\"problemId\":\"a\",\"group\":0,\"completion\":\"x\",\"reward\":" + value
                + ",\"logprobs\":[-1.5," + value + "]}\n";
        try (CompletionFiles file =
                CompletionFiles.open(new JsonLines(new ByteArrayInputStream(utf8(line)), "C.jsonl"), Set.of("a"))) {
            CompletionRow row = file.next();
            assertEquals("x", row.completion());
            assertEquals(
                    "{\"problemId\":\"a\",\"group\":0,\"completion\":\"x\",\"reward\":null,\"logprobs\":[-1.5,null]}",
                    CompletionFiles.line(row));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "group, 'field \"group\" is NaN, needs a whole number from 0 to 9223372036854775807'",
        "tokenCount, 'field \"tokenCount\" is NaN, needs a whole number from 0 to 2147483647'",
        "completion, 'field \"completion\" must be a string, not NaN'",
        "problemId, 'field \"problemId\" must be a string, not NaN'"
    })
    void whatIsNoNumberIsRefusedInAFieldThatWeUse(String field, String said) {
        Map<String, String> values = new java.util.LinkedHashMap<>(
                Map.of("problemId", "\"a\"", "group", "0", "completion", "\"x\"", "tokenCount", "5"));
        values.put(field, "NaN");
        List<String> fields = new ArrayList<>();
        values.forEach((name, value) -> fields.add('"' + name + "\":" + value));
        byte[] line = utf8("{" + String.join(",", fields) + "}\n");
        try (CompletionFiles file =
                CompletionFiles.open(new JsonLines(new ByteArrayInputStream(line), "C.jsonl"), Set.of("a"))) {
            assertEquals(
                    "C.jsonl:1: " + said,
                    assertThrows(BadInputException.class, file::next).getMessage());
        }
    }
}
