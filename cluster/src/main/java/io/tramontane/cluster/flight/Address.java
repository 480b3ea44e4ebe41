package io.tramontane.cluster.flight;

import java.io.Serializable;

/** Where a Flight server listens. */
public record Address(String host, int port) implements Serializable {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
