package io.tramontane.model.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WayTest {
    private static Place place(String machine, boolean gpu) {
        return new Place(machine, 7, 42, machine, gpu);
    }

    @Test
    void gpusExchangeByNcclHoweverManyMachines() {
        assertEquals(Way.NCCL, Way.of(List.of(place("a", true), place("a", true)), true));
        assertEquals(Way.NCCL, Way.of(List.of(place("a", true), place("b", true)), false));
    }

    @Test
    void ranksOfOneMachineShareMemoryWhereTheyMay() {
        assertEquals(Way.SHARED_MEMORY, Way.of(List.of(place("a", false), place("a", false)), true));
        assertEquals(Way.SOCKETS, Way.of(List.of(place("a", false), place("a", false)), false));
        assertEquals(Way.SOCKETS, Way.of(List.of(place("a", false), place("b", false)), true));
    }

    @Test
    void aGpuBesideACpuIsRefused() {
        BadInputException e = assertThrows(
                BadInputException.class,
                () -> Way.of(List.of(place("a", true), place("b", false), place("c", true)), true));
        assertEquals(
                "trainer ranks compute on GPUs all or none: rank 0 (a:7, process 42), rank 2 (c:7, process 42) do,"
                        + " rank 1 (b:7, process 42) do not (cluster.device)",
                e.getMessage());
    }
}
