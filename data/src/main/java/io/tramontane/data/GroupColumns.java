package io.tramontane.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of {@link GroupArrow} in one root: written row by row, read row by row. */
final class GroupColumns {
    private static final String CHOSEN = "chosen";
    private static final String MARKS = "marks";
    private static final ArrowType INT32 = new ArrowType.Int(32, true);
    private static final ArrowType FLOAT32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final Schema SCHEMA = new Schema(List.of(
            Field.notNullable("group", new ArrowType.Int(64, true)),
            Field.notNullable("completion", INT32),
            Field.nullable("problem", ArrowType.Utf8.INSTANCE),
            list("promptTokens", INT32),
            list("tokens", INT32),
            list("behaviourLogprobs", FLOAT32),
            list("versions", INT32),
            list(CHOSEN, ArrowType.Bool.INSTANCE),
            list(MARKS, INT32),
            Field.notNullable("finished", ArrowType.Bool.INSTANCE),
            Field.notNullable("text", ArrowType.Utf8.INSTANCE)));

    private final VectorSchemaRoot root;

    GroupColumns(VectorSchemaRoot root) {
        this.root = root;
    }

    private static Field list(String name, ArrowType item) {
        Field element = new Field("item", FieldType.notNullable(item), null);
        return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(element));
    }

    /** A new root with all rows; {@code rewards} is null, or has one list for each group. */
    static VectorSchemaRoot fill(
            List<Group> groups,
            List<List<RewardBreakdown>> rewards,
            Map<String, String> metadata,
            BufferAllocator allocator) {
        List<Field> fields = new ArrayList<>(SCHEMA.getFields());
        if (rewards != null) fields.addAll(RewardColumns.FIELDS);
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields, metadata), allocator);
        try {
            for (FieldVector vector : root.getFieldVectors()) vector.allocateNew();
            GroupColumns columns = new GroupColumns(root);
            int row = 0;
            for (Group group : groups) row = columns.write(group, row);
            if (rewards != null) new RewardColumns(root).write(rewards);
            root.setRowCount(
                    groups.stream().mapToInt(g -> g.completions().size()).sum());
            return root;
        } catch (RuntimeException e) {
            root.close();
            throw e;
        }
    }

    private int write(Group group, int firstRow) {
        if (group.completions().isEmpty())
            throw new IllegalArgumentException("group " + group.id() + " has no completions");
        int row = firstRow;
        for (Completion completion : group.completions()) {
            ((BigIntVector) root.getVector("group")).setSafe(row, group.id());
            ((IntVector) root.getVector("completion")).setSafe(row, row - firstRow);
            if (row == firstRow) {
                setText(root, "problem", row, ProblemJson.write(group.problem()));
                setInts("promptTokens", row, group.promptTokens());
            }
            setInts("tokens", row, completion.tokens());
            setFloats("behaviourLogprobs", row, completion.behaviourLogprobs());
            setInts("versions", row, completion.versions());
            if (completion.chosen() != null) setFlags(CHOSEN, row, completion.chosen());
            if (completion.marks() != null) setInts(MARKS, row, completion.marks());
            ((BitVector) root.getVector("finished")).setSafe(row, completion.finished() ? 1 : 0);
            setText(root, "text", row, completion.text());
            row++;
        }
        return row;
    }

    private void setInts(String name, int row, int[] values) {
        ListVector list = (ListVector) root.getVector(name);
        IntVector items = (IntVector) list.getDataVector();
        int start = list.startNewValue(row);
        for (int i = 0; i < values.length; i++) items.setSafe(start + i, values[i]);
        list.endValue(row, values.length);
    }

    private void setFlags(String name, int row, boolean[] values) {
        ListVector list = (ListVector) root.getVector(name);
        BitVector items = (BitVector) list.getDataVector();
        int start = list.startNewValue(row);
        for (int i = 0; i < values.length; i++) items.setSafe(start + i, values[i] ? 1 : 0);
        list.endValue(row, values.length);
    }

    private void setFloats(String name, int row, float[] values) {
        ListVector list = (ListVector) root.getVector(name);
        Float4Vector items = (Float4Vector) list.getDataVector();
        int start = list.startNewValue(row);
        for (int i = 0; i < values.length; i++) items.setSafe(start + i, values[i]);
        list.endValue(row, values.length);
    }

    /** All groups, in the order of the rows. */
    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        IntVector number = (IntVector) root.getVector("completion");
        int rows = root.getRowCount();
        for (int start = 0, end; start < rows; start = end) {
            end = start + 1;
            while (end < rows && number.get(end) != 0) end++;
            groups.add(group(start, end));
        }
        return groups;
    }

    private Group group(int start, int end) {
        BigIntVector id = (BigIntVector) root.getVector("group");
        BitVector finished = (BitVector) root.getVector("finished");
        List<Completion> completions = new ArrayList<>();
        for (int row = start; row < end; row++) {
            if (id.get(row) != id.get(start))
                throw new IllegalArgumentException("row " + row + ": group " + id.get(row) + " starts without row 0");
            completions.add(new Completion(
                    ints("tokens", row),
                    floats("behaviourLogprobs", row),
                    ints("versions", row),
                    isNull(CHOSEN, row) ? null : flags(CHOSEN, row),
                    isNull(MARKS, row) ? null : ints(MARKS, row),
                    finished.get(row) == 1,
                    text(root, "text", row)));
        }
        Problem problem = ProblemJson.read(text(root, "problem", start), "group " + id.get(start));
        return new Group(id.get(start), problem, ints("promptTokens", start), completions);
    }

    /** True as well in files of older versions, which do not have the column. */
    private boolean isNull(String name, int row) {
        return root.getVector(name) == null || root.getVector(name).isNull(row);
    }

    private boolean[] flags(String name, int row) {
        ListVector list = (ListVector) root.getVector(name);
        BitVector items = (BitVector) list.getDataVector();
        int start = list.getElementStartIndex(row);
        boolean[] values = new boolean[list.getElementEndIndex(row) - start];
        for (int i = 0; i < values.length; i++) values[i] = items.get(start + i) == 1;
        return values;
    }

    private int[] ints(String name, int row) {
        ListVector list = (ListVector) root.getVector(name);
        IntVector items = (IntVector) list.getDataVector();
        int start = list.getElementStartIndex(row);
        int[] values = new int[list.getElementEndIndex(row) - start];
        for (int i = 0; i < values.length; i++) values[i] = items.get(start + i);
        return values;
    }

    private float[] floats(String name, int row) {
        ListVector list = (ListVector) root.getVector(name);
        Float4Vector items = (Float4Vector) list.getDataVector();
        int start = list.getElementStartIndex(row);
        float[] values = new float[list.getElementEndIndex(row) - start];
        for (int i = 0; i < values.length; i++) values[i] = items.get(start + i);
        return values;
    }

    static void setText(VectorSchemaRoot root, String name, int row, String text) {
        ((VarCharVector) root.getVector(name)).setSafe(row, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static String text(VectorSchemaRoot root, String name, int row) {
        return new String(((VarCharVector) root.getVector(name)).get(row), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Bytes that reading may allocate: corrupted lengths must not take all memory. */
    static long memoryLimit(long inputBytes) {
        return 4 * inputBytes + (16 << 20);
    }

    /** One line for a person. */
    static String reason(Throwable error) {
        String message = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        return message.lines().findFirst().orElse("").trim();
    }
}
