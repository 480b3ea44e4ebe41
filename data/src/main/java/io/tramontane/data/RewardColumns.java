package io.tramontane.data;

import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The verdict on each completion: four float64 parts, the verdict's name, reason, extracted answer, languages, millis. */
final class RewardColumns {
    private static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    static final List<Field> FIELDS = List.of(
            Field.notNullable("format", FLOAT64),
            Field.notNullable("correctness", FLOAT64),
            Field.notNullable("length", FLOAT64),
            Field.notNullable("language", FLOAT64),
            Field.notNullable("verdict", ArrowType.Utf8.INSTANCE),
            Field.notNullable("reason", ArrowType.Utf8.INSTANCE),
            Field.notNullable("extracted", ArrowType.Utf8.INSTANCE),
            new Field(
                    "languages",
                    FieldType.notNullable(ArrowType.List.INSTANCE),
                    List.of(new Field("item", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null))),
            Field.notNullable("millis", FLOAT64));

    private final VectorSchemaRoot root;

    RewardColumns(VectorSchemaRoot root) {
        this.root = root;
    }

    /** All rewards, group by group. */
    void write(List<List<RewardBreakdown>> groups) {
        int row = 0;
        for (List<RewardBreakdown> group : groups) {
            for (RewardBreakdown reward : group) write(reward, row++);
        }
    }

    private void write(RewardBreakdown reward, int row) {
        number("format").setSafe(row, reward.format());
        number("correctness").setSafe(row, reward.correctness());
        number("length").setSafe(row, reward.length());
        number("language").setSafe(row, reward.language());
        GroupColumns.setText(root, "verdict", row, reward.verdict().name());
        GroupColumns.setText(root, "reason", row, reward.reason());
        GroupColumns.setText(root, "extracted", row, reward.extracted());
        number("millis").setSafe(row, reward.millis());
        ListVector languages = (ListVector) root.getVector("languages");
        VarCharVector items = (VarCharVector) languages.getDataVector();
        int start = languages.startNewValue(row);
        for (int i = 0; i < reward.languages().size(); i++) {
            items.setSafe(start + i, reward.languages().get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        languages.endValue(row, reward.languages().size());
    }

    /** Gives each group its rewards; the rows are in the groups' order. */
    List<ScoredGroup> attach(List<Group> groups) {
        if (!groups.isEmpty() && root.getVector("format") == null)
            throw new IllegalArgumentException("column format is missing: groups are not scored");
        List<ScoredGroup> scored = new ArrayList<>();
        int row = 0;
        for (Group group : groups) {
            List<RewardBreakdown> rewards = new ArrayList<>();
            for (int i = 0; i < group.completions().size(); i++) rewards.add(read(row++));
            scored.add(new ScoredGroup(group, rewards));
        }
        return scored;
    }

    private RewardBreakdown read(int row) {
        ListVector list = (ListVector) root.getVector("languages");
        VarCharVector items = (VarCharVector) list.getDataVector();
        List<String> languages = new ArrayList<>();
        for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
            languages.add(new String(items.get(i), java.nio.charset.StandardCharsets.UTF_8));
        }
        return new RewardBreakdown(
                number("format").get(row),
                number("correctness").get(row),
                number("length").get(row),
                number("language").get(row),
                Verdict.valueOf(GroupColumns.text(root, "verdict", row)),
                GroupColumns.text(root, "reason", row),
                GroupColumns.text(root, "extracted", row),
                languages,
                number("millis").get(row));
    }

    private Float8Vector number(String name) {
        return (Float8Vector) root.getVector(name);
    }
}
