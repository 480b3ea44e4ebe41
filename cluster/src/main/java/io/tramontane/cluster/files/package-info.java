/**
 * Files of rows, wherever they lie: in goes a path and a form (JSON lines, Parquet, Arrow), out come JSON objects with the
 * place where each stands; and back, as files that appear under their names only when they are complete. Start with {@link
 * io.tramontane.cluster.files.StoragePath} and {@link io.tramontane.cluster.files.RowForm}.
 */
package io.tramontane.cluster.files;
