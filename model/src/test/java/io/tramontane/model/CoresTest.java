package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void whatNobodyUsesCanBeBorrowedUntilSomebodyNeedsIt() {
        Cores cores = new Cores(2);
        cores.enter(); // a trainer
        assertTrue(cores.borrow());
        assertFalse(cores.borrow());
        assertFalse(cores.crowded());
        cores.enter(); // a generator: three threads for two cores
        assertTrue(cores.crowded());
        cores.leave(); // what was borrowed
        assertFalse(cores.crowded());
        assertFalse(cores.borrow());
        cores.leave(); // the generator waits
        assertTrue(cores.borrow());
    }

    @Test
    void aProcessHasACore() {
        assertEquals(
                "tramontane.cores 0, allowed >= 1",
                assertThrows(IllegalArgumentException.class, () -> new Cores(0)).getMessage());
    }
}
