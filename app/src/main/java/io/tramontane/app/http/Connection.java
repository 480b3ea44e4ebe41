package io.tramontane.app.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * One client: reads a request, has it answered, reads the next. Fields belong to the channel's thread. While an answer is
 * being made the channel goes on reading, so that the end of the connection is seen at once; a request that a client sends
 * ahead waits.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final HttpResponse CONTINUE =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);

    /** After a refusal the client may still be sending: what comes is dropped for so long, so that it reads the answer. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final HttpServer server;
    private final HttpLimits limits;
    private final HttpHandler handler;
    private final Deque<Object> ahead = new ArrayDeque<>();
    private Channel channel;
    private ScheduledFuture<?> deadline;
    private ScheduledFuture<?> writeDeadline;
    private Exchange exchange; // whose body is being read, or which is being answered
    private ByteArrayOutputStream body; // null: no body is being read
    private volatile boolean last; // nothing more is read from this connection
    private boolean answering;

    Connection(HttpServer server, HttpLimits limits, HttpHandler handler) {
        this.server = server;
        this.limits = limits;
        this.handler = handler;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        if (server.add(channel)) within(limits.head());
        else channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        if (writeDeadline != null) writeDeadline.cancel(false);
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        if (exchange != null) exchange.hangUp();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) server.failed(cause);
        context.close();
    }

    /** A client that does not read must not keep an answer in memory for ever. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (writeDeadline != null) writeDeadline.cancel(false);
        writeDeadline = channel.isWritable()
                ? null
                : channel.eventLoop()
                        .schedule(() -> channel.close(), limits.write().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (last) {
            ReferenceCountUtil.release(message);
        } else if (answering) {
            ahead.add(message);
            channel.config().setAutoRead(false);
        } else {
            take(message);
        }
    }

    private void take(Object message) {
        try {
            if (message instanceof HttpRequest request) head(request);
            if (message instanceof HttpContent content && body != null) more(content);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(HttpRequest request) {
        cancel();
        exchange = new Exchange(request, this);
        if (request.decoderResult().isFailure()) {
            refuse(
                    400,
                    "the request is no HTTP/1.1: "
                            + fault(request.decoderResult().cause()));
        } else if (HttpUtil.getContentLength(request, 0L) > limits.bodyBytes()) {
            refuse(413, tooLarge());
        } else if (!handler.wantsBody(exchange)) {
            last = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        } else {
            if (HttpUtil.is100ContinueExpected(request)) channel.writeAndFlush(CONTINUE);
            body = new ByteArrayOutputStream();
            within(limits.body());
        }
    }

    private String tooLarge() {
        return "the body is larger than the " + limits.bodyBytes() + " bytes allowed";
    }

    private static String fault(Throwable cause) {
        String message = cause == null ? "malformed" : String.valueOf(cause.getMessage());
        String plain = message.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.substring(0, Math.min(200, plain.length()));
    }

    private void more(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            refuse(
                    400,
                    "the body is no HTTP/1.1: " + fault(content.decoderResult().cause()));
            return;
        }
        int count = content.content().readableBytes();
        if (body.size() + count > limits.bodyBytes()) {
            refuse(413, tooLarge());
            return;
        }
        byte[] part = new byte[count];
        content.content().readBytes(part);
        body.writeBytes(part);
        if (!(content instanceof LastHttpContent)) return;
        cancel();
        exchange.body(body.toByteArray());
        body = null;
        answering = true;
        handler.handle(exchange);
    }

    private void refuse(int status, String message) {
        last = true;
        body = null;
        cancel();
        write(exchange, handler.refusal(status, message));
    }

    private void within(Duration time) {
        cancel();
        deadline = channel.eventLoop().schedule(this::late, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void late() {
        if (exchange == null) channel.close();
        else refuse(408, "the body did not arrive within " + limits.body().toSeconds() + " seconds");
    }

    private void cancel() {
        if (deadline != null) deadline.cancel(false);
        deadline = null;
    }

    void send(Exchange of, Reply reply) {
        channel.eventLoop().execute(() -> write(of, reply));
    }

    private void write(Exchange of, Reply reply) {
        if (of != exchange || !channel.isActive()) return;
        answering = true;
        HttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                Unpooled.wrappedBuffer(reply.bytes()));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.bytes().length);
        headers(of, response, reply.type());
        reply.headers().forEach(response.headers()::set);
        channel.writeAndFlush(response).addListener(written -> answered(of));
    }

    EventStream events(Exchange of) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        boolean chunked = of.request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (chunked) response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        else last = true;
        headers(of, response, "text/event-stream; charset=utf-8");
        channel.write(response);
        return new EventStream(this, of, channel);
    }

    private void headers(Exchange of, HttpResponse response, String type) {
        if (!goesOn(of)) response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        else if (of.request.protocolVersion().equals(HttpVersion.HTTP_1_0))
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
    }

    private boolean goesOn(Exchange of) {
        return !last && !server.closing() && HttpUtil.isKeepAlive(of.request);
    }

    /** The answer is written: the next request, or the end. Called by the channel's thread. */
    void answered(Exchange of) {
        if (of != exchange || !channel.isActive()) return;
        if (!goesOn(of)) {
            end();
            return;
        }
        exchange = null;
        answering = false;
        within(limits.head());
        while (!answering && !last && !ahead.isEmpty()) take(ahead.poll());
        if (ahead.isEmpty()) channel.config().setAutoRead(true);
    }

    private void end() {
        last = true;
        exchange = null;
        if (!(channel instanceof SocketChannel socket)) {
            channel.close();
            return;
        }
        socket.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> channel.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes a connection that waits for a request. */
    void closeIfIdle() {
        channel.eventLoop().execute(() -> {
            if (exchange == null && !last) channel.close();
        });
    }
}
