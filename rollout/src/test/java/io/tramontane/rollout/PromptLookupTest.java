package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
    private static int[] guess(int[] prompt, int[] own, int most, int[]... siblings) {
        List<IntBuffer> others = List.of(siblings).stream().map(IntBuffer::wrap).toList();
        return PromptLookup.guess(prompt, IntBuffer.wrap(own), others, most);
    }

    private static int[] tokens(int... tokens) {
        return tokens;
    }

    @Test
    void thePromptIsCopiedBehindTwoEqualTokens() {
        assertArrayEquals(tokens(4, 5, 9), guess(tokens(1, 2, 3, 4, 5), tokens(9, 2, 3), 3));
        assertArrayEquals(tokens(4), guess(tokens(1, 2, 3, 4, 5), tokens(9, 2, 3), 1));
        assertArrayEquals(tokens(), guess(tokens(1, 2, 3, 4, 5), tokens(9, 2, 3), 0));
    }

    @Test
    void oneEqualTokenIsNotEnough() {
        assertArrayEquals(tokens(), guess(tokens(1, 2, 3, 4, 5), tokens(9, 9, 3), 3));
        assertArrayEquals(tokens(), guess(tokens(3), tokens(), 3));
    }

    @Test
    void theLatestOfItsOwnPlacesIsTaken() {
        assertArrayEquals(tokens(7, 1, 2), guess(tokens(0), tokens(1, 2, 6, 1, 2, 7, 1, 2), 4));
    }

    @Test
    void aSiblingThatIsLongerAlikeComesBeforeThePrompt() {
        // 2 3 stands in the prompt, 1 2 3 in the sibling
        assertArrayEquals(tokens(8, 9), guess(tokens(5, 2, 3, 4), tokens(1, 2, 3), 4, tokens(1, 2, 3, 8, 9)));
        // equally alike: the prompt
        assertArrayEquals(tokens(4, 1, 2), guess(tokens(5, 1, 2, 4), tokens(1, 2), 4, tokens(6, 1, 2, 8, 9)));
    }

    @Test
    void ofSiblingsThatAreEquallyAlikeTheFirstIsTaken() {
        assertArrayEquals(tokens(8), guess(tokens(0), tokens(1, 2), 4, tokens(1, 2), tokens(1, 2, 8), tokens(1, 2, 9)));
    }

    @Test
    void beforeItsFirstTokenASiblingsStartIsGuessed() {
        assertArrayEquals(tokens(7, 8), guess(tokens(1, 2, 3), tokens(), 2, tokens(7, 8, 9)));
    }

    @Test
    void moreThanEightEqualTokensCountAsEight() {
        int[] own = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        // the first sibling shares the last eight tokens, the second all nine
        assertArrayEquals(
                tokens(20),
                guess(tokens(0), own, 1, tokens(2, 3, 4, 5, 6, 7, 8, 9, 20), tokens(1, 2, 3, 4, 5, 6, 7, 8, 9, 30)));
    }
}
