package io.tramontane.cluster.ledger;

import java.util.List;

/** Where earlier drivers kept what was sampled of groups in flight. */
public interface SpillStore {
    /** Nothing was kept. */
    SpillStore NONE = new SpillStore() {
        @Override
        public List<Spilled> all() {
            return List.of();
        }

        @Override
        public void delete(long group) {}
    };

    /** What there is. */
    List<Spilled> all();

    /** Nobody needs it any more: the group has ended, or is sampled from its start. Nothing happens where there is none. */
    void delete(long group);
}
