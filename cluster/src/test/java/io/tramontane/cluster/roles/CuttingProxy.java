package io.tramontane.cluster.roles;

import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/** A port that leads to another one on this machine until it is cut. */
final class CuttingProxy implements AutoCloseable {
    private static final ThreadFactory THREADS = DaemonThreads.named("proxy");

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private volatile boolean cutOnAnswer;
    private volatile boolean refuses;
    private volatile int connections;

    CuttingProxy(int target) throws IOException {
        this.target = target;
        THREADS.newThread(this::accept).start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many were made so far. */
    int connections() {
        return connections;
    }

    /** Closes what is open; the next connection is let through. */
    void cut() {
        sockets.forEach(CuttingProxy::close);
        sockets.clear();
    }

    /** Closes what is open as soon as the other side sends something; the next connection is let through. */
    void cutWhenTheDriverAnswers() {
        cutOnAnswer = true;
    }

    /** Closes what is open and every new connection. */
    void refuse() {
        refuses = true;
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                connections++;
                if (refuses) {
                    from.close();
                    continue;
                }
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(from);
                sockets.add(to);
                THREADS.newThread(() -> pump(from, to, false)).start();
                THREADS.newThread(() -> pump(to, from, true)).start();
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && cutOnAnswer) {
                    cutOnAnswer = false;
                    cut();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException cut) {
            close(from);
        } finally {
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
