package io.tramontane.model.ranks;

import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs of life between neighbours, on a connection of their own and from a thread of their own: a rank that computes, or
 * waits for another one, still gives them; one that is stopped or gone does not.
 */
final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final int PER_PATIENCE = 20;
    private static final long MOST_MILLIS = 1000;

    private final SocketChannel[] channels;
    private final long[] seen; // System.nanoTime of the newest sign of each; guarded by this
    private final boolean[] gone; // guarded by this
    private final Thread thread;
    private volatile boolean closing;

    /** Begins to give them on all channels, and to note those that arrive. */
    Pulse(int rank, Duration patience, SocketChannel... channels) {
        this.channels = channels;
        this.seen = new long[channels.length];
        this.gone = new boolean[channels.length];
        Arrays.fill(seen, System.nanoTime());
        long millis = Math.max(1, Math.min(MOST_MILLIS, patience.toMillis() / PER_PATIENCE));
        thread = DaemonThreads.named("rank-" + rank + "-pulse").newThread(() -> run(millis));
        thread.start();
    }

    /** Since when there is none from a channel's other end. */
    synchronized Duration silence(int channel) {
        return Duration.ofNanos(System.nanoTime() - seen[channel]);
    }

    /** Whether a channel's other end has closed it. */
    synchronized boolean gone(int channel) {
        return gone[channel];
    }

    private void run(long millis) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        while (!closing) {
            for (int channel = 0; channel < channels.length; channel++) exchange(channel, buffer);
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void exchange(int channel, ByteBuffer buffer) {
        try {
            channels[channel].write(buffer.clear().limit(1));
            int read = channels[channel].read(buffer.clear());
            if (read > 0) seen(channel);
            if (read < 0) isGone(channel);
        } catch (IOException e) {
            LOG.debug("no signs of life any more", e);
            isGone(channel);
        }
    }

    private synchronized void isGone(int channel) {
        gone[channel] = true;
    }

    private synchronized void seen(int channel) {
        seen[channel] = System.nanoTime();
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
