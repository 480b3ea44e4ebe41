package io.tramontane.cluster.run;

import java.util.function.Consumer;

/** Tells whoever listens, once, that a lock is lost: also when that was before anybody listened. */
final class LossNotice {
    private Consumer<String> listener;
    private String why;

    synchronized void listen(Consumer<String> to) {
        listener = to;
        if (why != null) to.accept(why);
    }

    synchronized void lost(String reason) {
        if (why != null) return;
        why = reason;
        if (listener != null) listener.accept(reason);
    }
}
