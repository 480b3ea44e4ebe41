package io.tramontane.model.ranks;

import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How long vectors travel. */
enum Way {
    /** All ranks compute on GPUs. */
    NCCL,
    /** All ranks compute on the CPU of one machine. */
    SHARED_MEMORY,
    /** On the CPU of several machines. */
    SOCKETS;

    /**
     * Chooses: the same on all ranks.
     *
     * @param places of all ranks
     * @param share whether ranks of one machine may share memory
     */
    static Way of(List<Place> places, boolean share) {
        long gpus = places.stream().filter(Place::gpu).count();
        if (gpus > 0 && gpus < places.size())
            throw new BadInputException("trainer ranks compute on GPUs all or none: " + named(places, true) + " do, "
                    + named(places, false) + " do not (cluster.device)");
        if (gpus > 0) return NCCL;
        boolean oneMachine = places.stream().map(Place::machine).distinct().count() == 1;
        return oneMachine && share ? SHARED_MEMORY : SOCKETS;
    }

    private static String named(List<Place> places, boolean gpu) {
        return IntStream.range(0, places.size())
                .filter(rank -> places.get(rank).gpu() == gpu)
                .mapToObj(rank -> "rank " + rank + " (" + places.get(rank) + ")")
                .collect(Collectors.joining(", "));
    }
}
