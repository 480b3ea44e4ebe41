package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.JsonReading;
import io.tramontane.data.MarkedText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares a tokenizer with what tools/tekken_fixture.py wrote beside it: ids of texts, texts of ids. */
final class MistralCases {
    int encoded;
    int decoded;
    long bytes;
    final List<String> differences = new ArrayList<>();

    private MistralCases() {}

    /** Every line of cases.jsonl. */
    static MistralCases of(Path folder, Tokenizer tokenizer) throws IOException {
        MistralCases cases = new MistralCases();
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve("cases.jsonl"))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine())
                cases.check(JsonReading.mapper().readTree(line), tokenizer);
        }
        return cases;
    }

    private void check(JsonNode line, Tokenizer tokenizer) {
        int[] ids = new int[line.get("ids").size()];
        for (int i = 0; i < ids.length; i++) ids[i] = line.get("ids").get(i).intValue();
        if (line.has("text")) {
            String text = line.get("text").textValue();
            int[] ours = tokenizer.encode(MarkedText.foreign(text));
            encoded++;
            bytes += text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (!Arrays.equals(ids, ours)) different(line.get("text").toString(), ids, ours);
        } else {
            String ours = tokenizer.decode(ids);
            decoded++;
            if (!ours.equals(line.get("decoded").textValue()))
                differences.add(Arrays.toString(ids) + ": " + line.get("decoded") + " != " + ours);
        }
    }

    /** The first difference with some ids around it. */
    private void different(String text, int[] theirs, int[] ours) {
        int at = Math.max(0, Arrays.mismatch(theirs, ours) - 2);
        String short_ = text.length() > 300 ? text.substring(0, 300) + "..." : text;
        differences.add(short_ + " at " + at + ": "
                + Arrays.toString(
                        Arrays.copyOfRange(theirs, Math.min(at, theirs.length), Math.min(at + 8, theirs.length)))
                + " != "
                + Arrays.toString(Arrays.copyOfRange(ours, Math.min(at, ours.length), Math.min(at + 8, ours.length))));
    }
}
