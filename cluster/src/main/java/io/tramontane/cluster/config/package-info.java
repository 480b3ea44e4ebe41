/**
 * The configuration of a training run, one tree of records, and the reader that fills it from files and {@code --set}.
 * Read {@link io.tramontane.cluster.config.Config} first.
 */
package io.tramontane.cluster.config;
