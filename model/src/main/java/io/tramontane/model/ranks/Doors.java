package io.tramontane.model.ranks;

import io.tramontane.data.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects a rank with its neighbours: it calls the next one and is called by the one before, twice each. Whoever cannot
 * prove that it belongs to the run is turned away.
 */
final class Doors implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);
    private static final int CHANNELS = 2;
    private static final int BUFFER = 4 << 20;
    private static final int HANDSHAKE_MILLIS = 5_000;
    private static final long RETRY_MILLIS = 50;

    private final ServerSocketChannel server;
    private final Handshake handshake;
    private final Duration patience;

    Doors(String host, byte[] secret, Duration patience) throws IOException {
        this.handshake = new Handshake(secret);
        this.patience = patience;
        this.server = ServerSocketChannel.open().bind(new InetSocketAddress(host, 0));
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /**
     * Connections with both neighbours.
     *
     * @param next to the next rank: [0] for data, [1] for signs of life
     * @param before with the rank before, the same
     */
    record Open(SocketChannel[] next, SocketChannel[] before) {}

    Open open(int rank, List<Place> places) throws IOException {
        int count = places.size();
        int before = (rank + count - 1) % count;
        Place next = places.get((rank + 1) % count);
        ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("rank-" + rank + "-accept"));
        try {
            Future<SocketChannel[]> called = thread.submit(() -> accept(before, places.get(before)));
            SocketChannel[] ours = new SocketChannel[CHANNELS];
            for (int channel = 0; channel < CHANNELS; channel++)
                ours[channel] = call(next, new Handshake.Caller(rank, channel));
            return new Open(ours, called.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            thread.shutdownNow();
        }
    }

    private SocketChannel call(Place next, Handshake.Caller me) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
                channel.socket().connect(next.address(), HANDSHAKE_MILLIS);
                channel.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, patience.toMillis()));
                handshake.call(channel.socket(), me);
                return settled(channel);
            } catch (IOException e) {
                channel.close();
                if (System.nanoTime() > end)
                    throw new IOException(
                            "no connection to rank " + next + " within " + patience.toSeconds() + " s: "
                                    + e.getMessage(),
                            e);
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private SocketChannel[] accept(int before, Place place) throws IOException {
        SocketChannel[] found = new SocketChannel[CHANNELS];
        long end = System.nanoTime() + patience.toNanos();
        while (found[0] == null || found[1] == null) {
            long left = Math.max(1, (end - System.nanoTime()) / 1_000_000);
            server.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, left));
            Socket socket;
            try {
                if (System.nanoTime() > end) throw new SocketTimeoutException("only strangers have called");
                socket = server.socket().accept();
            } catch (SocketTimeoutException e) {
                throw new IOException(
                        "rank " + before + " (" + place + ") has not connected within " + patience.toSeconds() + " s",
                        e);
            }
            try {
                socket.setSoTimeout(HANDSHAKE_MILLIS);
                Handshake.Caller caller = handshake.answer(socket);
                if (caller.rank() != before || caller.channel() < 0 || caller.channel() >= CHANNELS)
                    throw new IOException("rank " + caller.rank() + " is not the one before");
                found[caller.channel()] = settled(socket.getChannel());
            } catch (IOException e) {
                LOG.warn("a connection from {} was refused: {}", socket.getRemoteSocketAddress(), e.getMessage());
                socket.close();
            }
        }
        return found;
    }

    private static SocketChannel settled(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return channel;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
