package io.tramontane.app.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Listens and answers until it is closed; one thread does all the network's work. */
public final class HttpServer implements AutoCloseable {
    private static final int BACKLOG = 256;

    private final HttpLimits limits;
    private final Consumer<Throwable> failures;
    private final EventLoopGroup thread;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listening;
    private volatile boolean closing;

    /**
     * Listens.
     *
     * @param name of the thread
     * @param address port 0 takes a free one
     * @param failures receives what goes wrong here, a fault of ours
     */
    public HttpServer(
            String name,
            InetSocketAddress address,
            HttpLimits limits,
            HttpHandler handler,
            Consumer<Throwable> failures)
            throws IOException {
        this.limits = limits;
        this.failures = failures;
        this.thread = new MultiThreadIoEventLoopGroup(1, DaemonThreads.named(name), NioIoHandler.newFactory());
        try {
            this.listening = new ServerBootstrap()
                    .group(thread)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(
                            ChannelOption.WRITE_BUFFER_WATER_MARK,
                            new WriteBufferWaterMark(HttpLimits.PENDING / 4, HttpLimits.PENDING))
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline()
                                    .addLast(new HttpServerCodec(HttpLimits.LINE, HttpLimits.HEADERS, 8192))
                                    .addLast(new Connection(HttpServer.this, limits, handler));
                        }
                    })
                    .bind(address)
                    .awaitUninterruptibly()
                    .addListener(bound -> {
                        if (!bound.isSuccess()) thread.shutdownGracefully(0, 0, TimeUnit.SECONDS);
                    })
                    .sync()
                    .channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Connections that are open. */
    public int connections() {
        return connections.size();
    }

    boolean add(Channel channel) {
        if (closing || connections.size() >= limits.connections()) return false;
        return connections.add(channel);
    }

    boolean closing() {
        return closing;
    }

    void failed(Throwable cause) {
        failures.accept(cause);
    }

    /** Takes no connection and no further request; answers that have begun go on. */
    public void stopAccepting() {
        closing = true;
        listening.close().awaitUninterruptibly();
        for (Channel channel : connections)
            channel.pipeline().get(Connection.class).closeIfIdle();
    }

    /** Ends everything at once. */
    @Override
    public void close() {
        closing = true;
        listening.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
