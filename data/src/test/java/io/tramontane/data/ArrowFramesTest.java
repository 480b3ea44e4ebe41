package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** Lengths out of a hostile stream are compared with what is there before anybody takes memory for them. */
class ArrowFramesTest {
    private static ArrowFrames frames(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) bytes.putInt(number);
        return new ArrowFrames(new ByteArrayInputStream(bytes.array()), bytes.capacity());
    }

    @Test
    void aMessageLongerThanTheStreamIsRefusedWhenItsLengthIsRead() {
        String said = assertThrows(
                        IOException.class, () -> frames(-1, Integer.MAX_VALUE).readAllBytes())
                .getMessage();
        assertEquals("a message of 2147483647 bytes where 8 are allowed", said);
        assertThrows(IOException.class, () -> frames(-1, -5).readAllBytes());
        assertThrows(IOException.class, () -> frames(-1, 4, 0x7F7F7F7F).readAllBytes(), "metadata that is none");
    }

    @Test
    void soundStreamsPassAndWhatFollowsTheirEndIsNotLookedAt() throws IOException {
        assertEquals(12, frames(-1, 0, 0x7F7F7F7F).readAllBytes().length);
        byte[] groups = GroupArrow.toBytes(List.of());
        ArrowFrames one = new ArrowFrames(new ByteArrayInputStream(groups), groups.length);
        byte[] passed = new byte[groups.length];
        for (int i = 0; i < passed.length; i++) passed[i] = (byte) one.read(); // lengths may arrive in pieces
        assertArrayEquals(groups, passed);
        assertEquals(-1, one.read());
    }

    /** One list that says that it ends at number 1,000,000,000 of 3. */
    @Test
    void aListThatEndsBehindItsNumbersIsRefused() {
        Field item = Field.nullable("item", new ArrowType.Int(32, true));
        Field list = new Field("list", FieldType.nullable(new ArrowType.List()), List.of(item));
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(list)), allocator)) {
            ListVector vector = (ListVector) root.getVector("list");
            vector.startNewValue(0);
            for (int i = 0; i < 3; i++) ((IntVector) vector.getDataVector()).setSafe(i, i);
            vector.endValue(0, 3);
            root.setRowCount(1);
            ArrowFrames.check(root);
            vector.getOffsetBuffer().setInt(4, 1_000_000_000);
            assertThrows(RuntimeException.class, () -> ArrowFrames.check(root));
        }
    }
}
