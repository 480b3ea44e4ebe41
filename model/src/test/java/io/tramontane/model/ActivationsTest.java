package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.PackedSequences.Size;
import io.tramontane.model.Variant.Experts;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivationsTest {
    /** L 1, W 4, 2 heads of 2 of which 1 for keys, I 6, V 10. */
    private static final PolicyConfig SHAPE = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, true, 0);

    private static final List<PromptGroup> PROMPT_GROUPS =
            List.of(new PromptGroup(new int[3], List.of(new int[5], new int[2])));

    @Test
    void theSizeOfAPassIsThatOfItsIndexArrays() {
        Size size = Size.of(PROMPT_GROUPS);
        // rows: prompt 3 + 3, completions 5 + 8 and 2 + 5; visible: 1 + 2 + 3, 4 + 5 + 6 + 7 + 8 and 4 + 5
        assertEquals(new Size(10, 3, 5, 8, 26, 45), size);
        assertEquals(3 * 5 * 8, size.pairs());
        PackedSequences packed = PackedSequences.of(PROMPT_GROUPS);
        assertEquals(10, packed.tokens().length);
        assertTrue(packed.isPadded());
        PaddedSegments padded = PaddedSegments.of(packed.segments());
        assertEquals(5, padded.longest());
        assertEquals(8, padded.reach());
        assertArrayEquals(new long[] {0, 3, 3}, padded.prompt());
        assertArrayEquals(new long[] {0, 1, 2, 0, 0, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0}, padded.query());
        assertArrayEquals(
                new long[] {0, 1, 2, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 8, 9, 0, 0, 0}, padded.key());
        assertArrayEquals(new long[] {0, 1, 2, 5, 6, 7, 8, 9, 10, 11}, padded.back());
    }

    @Test
    void everyPartIsCounted() {
        Activations found = Activations.of(SHAPE, Size.of(PROMPT_GROUPS));
        // a layer keeps 4 x 4 + 2 x (2 + 1) x 2 + 4 x 6 = 52 numbers a token; two layers, 10 tokens
        assertEquals(4 * 2 * 52 * 10, found.linear());
        // queries and results 2 x 3 x 5 x 2 heads, keys and values 2 x 3 x 8 x 1, each of 2 numbers; two layers
        assertEquals(4 * 2 * (60 + 48) * 2, found.attention());
        assertEquals(4 * 3 * 2 * 5 * 8, found.mask());
        assertEquals(4 * 2 * 10 * 10, found.head());
        assertEquals(4160 + 1728 + 960 + 800, found.bytes());
    }

    @Test
    void ofSparseExpertsOneLayerIsHeldAtATime() {
        Variant sparse = new Variant(Architecture.MIXTRAL, 0, RopeScaling.none(), new Experts(8, 2), List.of());
        // 28 kept in each of two layers; 2 experts x (24 + 8), with their gradients twice
        assertEquals(
                4 * (2 * 28 + 128) * 10,
                Activations.of(SHAPE.with(sparse), Size.of(PROMPT_GROUPS)).linear());
    }

    /** L 3: what 4 layers would keep, against the insides of 2 and the inputs of the halves of 2 more. */
    @Test
    void withInputsOfBlocksTwoLayersAreHeld() {
        PolicyConfig deep = new PolicyConfig(3, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, true, 0);
        Size size = Size.of(PROMPT_GROUPS);
        Activations all = Activations.of(deep, size, Keep.ALL, Dtype.FLOAT32);
        Activations blocks = Activations.of(deep, size, Keep.BLOCKS, Dtype.FLOAT32);
        assertEquals(4 * 4 * 52 * 10, all.linear());
        assertEquals(4 * (2 * 52 + 2 * 2 * 4) * 10, blocks.linear());
        assertEquals(4 * 4 * (60 + 48) * 2, all.attention());
        assertEquals(4 * 2 * (60 + 48) * 2, blocks.attention());
        assertEquals(all.mask() + all.head(), blocks.mask() + blocks.head());
    }

    /** Of 52 numbers a token of a layer the inputs of its halves, 2 x 4, keep four bytes. */
    @Test
    void inBfloat16AllButTheInputsAndTheHeadIsHalf() {
        Activations found = Activations.of(SHAPE, Size.of(PROMPT_GROUPS), Keep.ALL, Dtype.BFLOAT16);
        assertEquals(2 * (4 * 8 + 2 * 44) * 10, found.linear());
        assertEquals(2 * 2 * (60 + 48) * 2, found.attention());
        assertEquals(2 * 3 * 2 * 5 * 8, found.mask());
        assertEquals(4 * 2 * 10 * 10, found.head());
    }

    /** Above 256 tokens a sequence nothing is padded, and there is no mask. */
    @Test
    void longSequencesTakeWhatTheirTokensTake() {
        Size size = Size.ofPrompt(57).withCompletion(57, 200);
        assertFalse(size.isPadded());
        assertEquals(57 * 58 / 2 + 200 * 57 + 200 * 201 / 2, size.pairs());
        Activations found = Activations.of(SHAPE, size);
        assertEquals(4 * 2 * 52 * 257, found.linear());
        // rotated queries and keys (2 + 1) x 2, logarithms 2, in each of two layers
        assertEquals(4 * 2 * (6 + 2) * 257, found.attention());
        assertEquals(0, found.mask());
        // in bfloat16 the logarithms stay float32
        assertEquals(
                2 * (2 * 6 + 4 * 2) * 257,
                Activations.of(SHAPE, size, Keep.ALL, Dtype.BFLOAT16).attention());
        assertTrue(Size.ofPrompt(56).withCompletion(56, 200).isPadded());
    }

    @Test
    void unevenLengthsAreNotPadded() {
        Size one = Size.ofPrompt(20).withCompletion(20, 200);
        assertTrue(one.isPadded()); // 2 x (200 + 220) = 840, without padding 40 + 200 + 220 = 460
        Size three = one.withCompletion(20, 5).withCompletion(20, 5);
        assertFalse(three.isPadded()); // 4 x 420 = 1680 > 3 x (460 + 30 + 30) = 1560
    }
}
