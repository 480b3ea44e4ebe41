package io.tramontane.cluster.flight;

import java.io.Serializable;

/**
 * Where a Flight server listens, and how to know that it is the right one.
 *
 * @param certificate the server's own, X.509 in base64 of DER; only its process has the private key
 */
public record Address(String host, int port, String certificate) implements Serializable {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
