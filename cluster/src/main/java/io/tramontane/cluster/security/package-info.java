/**
 * Keeps strangers out of Spark: comes in how Spark is to be started, goes out the same with authentication, encryption and closed pages.
 * {@link io.tramontane.cluster.flight.FlightHost} does the same for Flight. What is protected from whom is in docs/security.md.
 * Read {@link io.tramontane.cluster.security.SparkSecurity} first.
 */
package io.tramontane.cluster.security;
