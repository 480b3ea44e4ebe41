/**
 * An HTTP/1.1 server on Netty, which Spark brings anyway: bounded requests, deadlines, server-sent events, and notice of
 * clients that hang up. Comes in: an {@link io.tramontane.app.http.HttpHandler}. Read {@link io.tramontane.app.http.HttpServer} first.
 */
package io.tramontane.app.http;
