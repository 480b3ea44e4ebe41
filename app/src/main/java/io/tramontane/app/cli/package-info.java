/**
 * The command line. In: arguments, YAML. Out: exit code 0 (done), 2 (bad usage or input, one line) or 1 (our
 * failure, with the stack trace). Read {@link io.tramontane.app.cli.Tramontane} first, then {@link
 * io.tramontane.cluster.config.ConfigReader}.
 */
package io.tramontane.app.cli;
