package io.tramontane.model.ranks;

import java.util.List;

/** How ranks that do not know each other yet tell each other where they are: Spark's barrier stage has such a call. */
public interface Rendezvous {
    /** Waits for all ranks; returns what each said, by rank. */
    List<String> meet(String mine);
}
