package io.tramontane.cluster.cli;

/** Spark's master address when a command does not name one. */
final class Masters {
    private Masters() {}

    /** The flag, else what spark-submit set, else all cores of this machine. */
    static String orDefault(String flag) {
        return flag != null ? flag : System.getProperty("spark.master", "local[*]");
    }
}
