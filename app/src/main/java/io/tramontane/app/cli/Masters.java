package io.tramontane.app.cli;

import io.tramontane.cluster.Master;
import io.tramontane.cluster.security.SparkSecurity;
import java.io.PrintWriter;

/** Spark's master address of a command, checked before anything is made. */
final class Masters {
    private Masters() {}

    /** The flag, else what spark-submit set, else all cores of this machine. An address that Spark does not know is bad input. */
    static String orDefault(String flag) {
        SparkSecurity.readDefaults();
        return Master.of(flag != null ? flag : System.getProperty("spark.master", "local[*]"))
                .url();
    }

    /** The same, and it can be reached and has room for a task. What is open there is told. */
    static String ready(String flag, PrintWriter err) {
        String url = orDefault(flag);
        Master.of(url).check(new Master.Need(1, 1, "a task"));
        Master.of(url).securityWarning().ifPresent(err::println);
        return url;
    }
}
