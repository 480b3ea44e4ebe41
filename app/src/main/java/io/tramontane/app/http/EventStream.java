package io.tramontane.app.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import java.nio.charset.StandardCharsets;

/** Server-sent events of one answer, see the HTML standard, section 9.2. Methods may be called from any thread, one at a time. */
public final class EventStream {
    private static final byte[] BEFORE = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final Exchange exchange;
    private final Channel channel;

    EventStream(Connection connection, Exchange exchange, Channel channel) {
        this.connection = connection;
        this.exchange = exchange;
        this.channel = channel;
    }

    /** Queues an event of one line; {@link #flush()} sends it. */
    public void event(byte[] line) {
        channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(BEFORE, line, AFTER)));
    }

    /** Sends what is queued. */
    public void flush() {
        channel.flush();
    }

    /** Ends the answer. */
    public void end() {
        channel.writeAndFlush(new DefaultLastHttpContent()).addListener(written -> connection.answered(exchange));
    }
}
