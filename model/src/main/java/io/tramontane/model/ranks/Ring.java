package io.tramontane.model.ranks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/**
 * A rank's two neighbours: bytes go to the next rank and come from the one before, at the same time. A neighbour that gives no
 * sign of life for {@code patience}, or does not take part for ten times as long although it gives them, ends the wait; one
 * that has gone ends it at once. One thread owns it.
 */
final class Ring implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int NEXT = 0;
    private static final int BEFORE = 1;
    private static final int ALIVE_PATIENCE = 10;
    private static final long LOOK_MILLIS = 200;
    private static final long SPEAK_MILLIS = 1000;

    private final int rank;
    private final List<Place> places;
    private final Duration patience;
    private final SocketChannel next;
    private final SocketChannel before;
    private final Pulse pulse;
    private final Doors.Open open;
    private final Selector selector;
    private final SelectionKey toNext;
    private final SelectionKey fromBefore;
    private String phase = "start";
    private int step;

    Ring(int rank, List<Place> places, Doors doors, Duration patience) throws IOException {
        this.rank = rank;
        this.places = places;
        this.patience = patience;
        this.open = doors.open(rank, places);
        this.next = open.next()[0];
        this.before = open.before()[0];
        this.selector = Selector.open();
        this.toNext = next.register(selector, 0);
        this.fromBefore = before.register(selector, 0);
        this.pulse = new Pulse(rank, patience, open.next()[1], open.before()[1]);
    }

    int rank() {
        return rank;
    }

    int count() {
        return places.size();
    }

    List<Place> places() {
        return places;
    }

    /** What the next calls are for; errors name it. */
    void at(String newPhase, int newStep) {
        phase = newPhase;
        step = newStep;
    }

    void send(ByteBuffer bytes) {
        exchange(bytes, NOTHING);
    }

    void receive(ByteBuffer bytes) {
        exchange(NOTHING, bytes);
    }

    /** Sends all that remains of {@code out} to the next rank and fills {@code in} from the one before. */
    void exchange(ByteBuffer out, ByteBuffer in) {
        int peer = (rank + 1) % count();
        try {
            long progress = System.nanoTime();
            while (out.hasRemaining() || in.hasRemaining()) {
                peer = (rank + 1) % count();
                int moved = out.hasRemaining() ? next.write(out) : 0;
                peer = (rank + count() - 1) % count();
                int read = in.hasRemaining() ? before.read(in) : 0;
                if (read < 0) throw new IOException("has closed the connection");
                if (moved + read > 0) progress = System.nanoTime();
                else await(out.hasRemaining(), in.hasRemaining(), progress);
            }
        } catch (IOException e) {
            letItSpeakFirst();
            throw failed(peer, e.getMessage(), e);
        }
    }

    /** A neighbour that closes has failed, mostly for a reason that its own error names: that one is to be seen first. */
    private static void letItSpeakFirst() {
        try {
            Thread.sleep(SPEAK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(boolean writing, boolean reading, long progress) throws IOException {
        toNext.interestOps(writing ? SelectionKey.OP_WRITE : 0);
        fromBefore.interestOps(reading ? SelectionKey.OP_READ : 0);
        selector.select(Math.max(1, Math.min(LOOK_MILLIS, patience.toMillis() / 4)));
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted())
            throw failed(reading ? before() : next(), "interrupted while waiting for it", null);
        if (reading) check(before(), BEFORE, progress);
        if (writing) check(next(), NEXT, progress);
    }

    private int next() {
        return (rank + 1) % count();
    }

    private int before() {
        return (rank + count() - 1) % count();
    }

    private void check(int peer, int channel, long progress) {
        if (pulse.silence(channel).compareTo(patience) > 0)
            throw failed(peer, "no sign of life for " + patience.toSeconds() + " s (cluster.rankSeconds)", null);
        Duration waited = Duration.ofNanos(System.nanoTime() - progress);
        Duration most = patience.multipliedBy(ALIVE_PATIENCE);
        if (waited.compareTo(most) > 0)
            throw failed(
                    peer,
                    "alive, but has not taken part for " + most.toSeconds() + " s (" + ALIVE_PATIENCE
                            + " times cluster.rankSeconds)",
                    null);
    }

    private RankException failed(int peer, String what, Throwable cause) {
        return new RankException(
                "rank " + rank + " of " + count() + ", phase " + phase + ", step " + step + ": rank " + peer + " ("
                        + places.get(peer) + "): " + what,
                cause);
    }

    @Override
    public void close() {
        pulse.close();
        try {
            selector.close();
            for (SocketChannel channel : open.next()) channel.close();
            for (SocketChannel channel : open.before()) channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
