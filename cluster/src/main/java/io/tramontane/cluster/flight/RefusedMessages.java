package io.tramontane.cluster.flight;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a call by a message that Flight cannot read. Flight alone forgets to free such a message: enough of them, and the server
 * has no memory left for anybody.
 */
final class RefusedMessages implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedMessages.class);

    @Override
    public <Q, A> Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                if (refused) {
                    free(message);
                    return;
                }
                try {
                    super.onMessage(message);
                } catch (RuntimeException e) {
                    LOG.warn("call {} has a message that is none of Flight", call.getMethodDescriptor(), e);
                    refused = true;
                    free(message);
                    call.close(
                            Status.INVALID_ARGUMENT.withDescription("a message that is none of Flight"),
                            new Metadata());
                    super.onCancel(); // who waits for the next message
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) super.onHalfClose();
            }
        };
    }

    private static void free(Object message) {
        if (!(message instanceof AutoCloseable memory)) return;
        try {
            memory.close();
        } catch (Exception e) {
            LOG.warn("a message cannot be freed", e);
        }
    }
}
