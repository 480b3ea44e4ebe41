package io.tramontane.cluster.flight;

import io.tramontane.data.DaemonThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadFactory;

/** Somebody between client and server who records all bytes, and may change one on its way to the server. */
final class Wiretap implements AutoCloseable {
    private static final ThreadFactory THREADS = DaemonThreads.named("wiretap");

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answered = new ByteArrayOutputStream();
    private final int server;
    private final int altered;

    /** Changes a bit of the byte with that number; -1 for none. */
    Wiretap(int server, int altered) throws IOException {
        this.server = server;
        this.altered = altered;
        THREADS.newThread(this::listen).start();
    }

    int port() {
        return door.getLocalPort();
    }

    byte[] sent() {
        return sent.toByteArray();
    }

    byte[] answered() {
        return answered.toByteArray();
    }

    private void listen() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
                THREADS.newThread(() -> carry(client, there, sent, altered)).start();
                THREADS.newThread(() -> carry(there, client, answered, -1)).start();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void carry(Socket from, Socket to, ByteArrayOutputStream record, int flip) {
        byte[] some = new byte[1 << 14];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                int at = flip - record.size();
                if (at >= 0 && at < n) some[at] ^= 1;
                record.write(some, 0, n);
                out.write(some, 0, n);
                out.flush();
            }
        } catch (IOException closed) {
            // one side has ended it
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
