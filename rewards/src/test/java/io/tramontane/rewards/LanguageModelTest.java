package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanguageModelTest {
    private static final Set<String> LATIN = Set.of("en", "fr", "es", "it", "de");

    @Test
    void thereIsOneModelInTheProcess() {
        assertSame(LanguageModel.shared(), LanguageModel.shared());
    }

    @Test
    void textGoesInAsUtf8WhateverThePlatformSays() {
        assertEquals("ru", LanguageModel.shared().best("Сколько яблок осталось у Ивана", Set.of("en", "ru", "zh")));
    }

    @Test
    void anUnlikelyLanguageIsFoundBehindLikelierOnes() {
        assertEquals(
                "ja", LanguageModel.shared().best("The quick brown fox jumps over the lazy dog", Set.of("ja", "ko")));
        assertNull(LanguageModel.shared().best("The quick brown fox", Set.of("klingon")));
    }

    @Test
    void severalThreadsGetTheSameLabels() {
        List<String> labels = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> LanguageModel.shared().best("La respuesta es entonces la siguiente", LATIN))
                .toList();
        assertEquals(Collections.nCopies(2000, "es"), labels);
    }
}
