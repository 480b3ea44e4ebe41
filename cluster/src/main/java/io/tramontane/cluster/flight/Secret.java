package io.tramontane.cluster.flight;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallInfo;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightServerMiddleware;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.RequestContext;

/**
 * What every Flight call of one application must carry. Made anew by each driver, never printed; travels in TLS only, to servers whose
 * certificate the caller knows.
 */
public record Secret(String value) implements Serializable {
    static final FlightServerMiddleware.Key<Gate> GATE = FlightServerMiddleware.Key.of("tramontane-secret");
    private static final String HEADER = "tramontane-secret";

    /** 256 random bits. */
    public static Secret create() {
        byte[] bits = new byte[32];
        new SecureRandom().nextBytes(bits);
        return new Secret(HexFormat.of().formatHex(bits));
    }

    CallOption option() {
        FlightCallHeaders headers = new FlightCallHeaders();
        headers.insert(HEADER, value);
        return new HeaderCallOption(headers);
    }

    FlightServerMiddleware.Factory<Gate> gate() {
        return (CallInfo call, CallHeaders headers, RequestContext context) -> {
            String given = headers.get(HEADER);
            if (given == null || !sameAs(given))
                throw CallStatus.UNAUTHENTICATED
                        .withDescription("the secret of this application is missing or wrong")
                        .toRuntimeException();
            return new Gate();
        };
    }

    /** Takes the same time wherever the first difference is. */
    private boolean sameAs(String given) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }

    /** Lets a call pass; all checking is done when the call starts. */
    static final class Gate implements FlightServerMiddleware {
        @Override
        public void onBeforeSendingHeaders(CallHeaders outgoingHeaders) {}

        @Override
        public void onCallCompleted(CallStatus status) {}

        @Override
        public void onCallErrored(Throwable error) {}
    }
}
