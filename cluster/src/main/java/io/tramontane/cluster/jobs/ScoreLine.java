package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.Columns;
import io.tramontane.cluster.files.Columns.Column;
import io.tramontane.cluster.files.Columns.Kind;
import io.tramontane.data.JsonReading;
import io.tramontane.data.RewardBreakdown;
import java.util.List;

/** One score in the form of the contract: reward is null when the verdict is UNSCORED. */
final class ScoreLine {
    /** The same as columns. */
    static final Columns COLUMNS = new Columns(List.of(
            Column.of("problemId", Kind.TEXT),
            Column.of("group", Kind.WHOLE),
            Column.of("reward", Kind.NUMBER).orNull(),
            Column.of("format", Kind.NUMBER),
            Column.of("correctness", Kind.NUMBER),
            Column.of("length", Kind.NUMBER),
            Column.of("language", Kind.NUMBER),
            Column.of("extra", Kind.MAP, Column.of("value", Kind.NUMBER)),
            Column.of("verdict", Kind.TEXT),
            Column.of("reason", Kind.TEXT),
            Column.of("extracted", Kind.TEXT),
            Column.of(
                    "evidence",
                    Kind.OBJECT,
                    Column.of("rule", Kind.TEXT),
                    Column.of("seed", Kind.TEXT),
                    Column.of("tests", Kind.LIST, Column.of("element", Kind.WHOLE)),
                    Column.of("passed", Kind.WHOLE)),
            Column.of("languages", Kind.LIST, Column.of("element", Kind.TEXT)),
            Column.of("millis", Kind.NUMBER)));

    private static final ObjectMapper JSON = JsonReading.mapper();

    private ScoreLine() {}

    static String of(String problemId, long group, RewardBreakdown verdict) {
        ObjectNode line = JSON.createObjectNode();
        line.put("problemId", problemId);
        line.put("group", group);
        if (verdict.reward().isPresent()) line.put("reward", verdict.reward().getAsDouble());
        else line.putNull("reward");
        line.put("format", verdict.format());
        line.put("correctness", verdict.correctness());
        line.put("length", verdict.length());
        line.put("language", verdict.language());
        line.set("extra", JSON.valueToTree(verdict.extra()));
        line.put("verdict", verdict.verdict().name());
        line.put("reason", verdict.reason());
        line.put("extracted", verdict.extracted());
        line.set("evidence", JSON.valueToTree(verdict.evidence().toMap()));
        var languages = line.putArray("languages");
        verdict.languages().forEach(languages::add);
        line.put("millis", verdict.millis());
        return line.toString();
    }
}
