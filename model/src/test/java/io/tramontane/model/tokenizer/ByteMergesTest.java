package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Merges found from ranks. */
class ByteMergesTest {
    private static String merges(String... tokens) {
        return String.join(
                " ",
                ByteMerges.of(List.of(tokens)).stream()
                        .map(merge -> merge.left() + "+" + merge.right())
                        .toList());
    }

    @Test
    void theLastStepOfATokensOwnBytesIsItsMerge() {
        // abc alone: ab has the lower rank and comes first, so bc never arises in it
        assertEquals("a+b b+c ab+c", merges("a", "b", "c", "ab", "bc", "abc"));
        assertEquals("b+c a+b a+bc", merges("a", "b", "c", "bc", "ab", "abc"));
    }

    @Test
    void equalPairsAreMergedFromTheLeft() {
        // aaa is aa+a, not a+aa; of aaaaa come aa aa a, then aaa, which has a lower rank than aaaa
        assertEquals("a+a aa+a aa+aa aa+aaa", merges("a", "aa", "aaa", "aaaa", "aaaaa"));
    }

    @Test
    void aTokenThatNoMergeReachesHasNone() {
        // no two neighbours of xyz are a token
        assertEquals("b+d a+bd", merges("a", "b", "d", "x", "y", "z", "bd", "xyz", "abd"));
    }

    @Test
    void aPairOfLowerRankThatArisesLateComesFirst() {
        // nothing but bc can be merged at first, and then abc, of a lower rank than bc
        assertEquals("a+bc b+c abc+d", merges("a", "b", "c", "d", "abc", "bc", "abcd"));
    }
}
