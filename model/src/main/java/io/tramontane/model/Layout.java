package io.tramontane.model;

/** How a matrix lies in memory for the products of a CPU. */
enum Layout {
    /** Row by row, as in theta. */
    PLAIN,
    /** Column by column if it is taller than wide: longer runs of memory for a product with one row. */
    COLUMNS,
    /** In oneDNN's blocks, which are made once and not in every product. */
    BLOCKS
}
