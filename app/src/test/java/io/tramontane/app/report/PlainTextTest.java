package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void theModelCannotMoveTheCursorOrTurnTextAround() {
        assertEquals("a·[2Jb c·d", PlainText.clean("a\u001b[2Jb\r\nc\u202ed"));
    }

    @Test
    void chineseTakesTwoColumnsACharacter() {
        assertEquals(7, PlainText.width("小明 ab"));
        assertEquals(List.of("小明", "有十", "六"), PlainText.wrap("小明有十六", 5, 9));
    }

    @Test
    void linesBreakAtSpacesAndTheCutIsMarked() {
        assertEquals(List.of("one two", "three"), PlainText.wrap("one two three", 8, 5));
        assertEquals(List.of("one two", "three…"), PlainText.wrap("one two three four five", 8, 2));
        assertEquals(List.of("abcd", "efgh"), PlainText.wrap("abcdefgh", 4, 2));
    }

    @Test
    void aPercentSignStaysWithItsNumber() {
        assertEquals(List.of("waited", "23 %"), PlainText.wrap("waited 23 %", 9, 3));
    }
}
