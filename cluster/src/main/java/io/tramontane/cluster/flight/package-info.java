/**
 * Moves bytes and small questions between processes over Arrow Flight. Knows nothing of groups, rewards or policies,
 * except for {@link io.tramontane.cluster.flight.WeightServer} and {@link io.tramontane.cluster.flight.WeightPuller}.
 *
 * <pre>
 *  doAction   a question and its answer, both JSON            FlightPeer.ask    ──► Service.answer
 *  getStream  a head (JSON) and bytes in 4 MiB batches        FlightPeer.fetch  ──► Service.stream
 *  doPut      the same in the other direction                 FlightPeer.put    ──► Service.accept
 * </pre>
 *
 * Every call goes through TLS to the one server whose certificate stands in its address, carries the run's secret in there, has a
 * limit of bytes and a deadline; an error names the peer, the phase and the policy version.
 * Read {@link io.tramontane.cluster.flight.Service} first.
 */
package io.tramontane.cluster.flight;
