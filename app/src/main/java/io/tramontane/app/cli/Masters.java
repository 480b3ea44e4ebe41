package io.tramontane.app.cli;

import io.tramontane.cluster.Master;

/** Spark's master address of a command, checked before anything is made. */
final class Masters {
    private Masters() {}

    /** The flag, else what spark-submit set, else all cores of this machine. An address that Spark does not know is bad input. */
    static String orDefault(String flag) {
        return Master.of(flag != null ? flag : System.getProperty("spark.master", "local[*]"))
                .url();
    }

    /** The same, and it can be reached and has room for a task. */
    static String ready(String flag) {
        String url = orDefault(flag);
        Master.of(url).check(new Master.Need(1, 1, "a task"));
        return url;
    }
}
