package io.tramontane.cluster.report;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The writers that a config asks for. */
final class MetricWriters {
    private MetricWriters() {}

    static List<MetricWriter> open(RunFolder folder, ReportConfig config, Clock clock) throws IOException {
        List<MetricWriter> writers = new ArrayList<>();
        writers.add(EventFile.in(folder.tensorboard(), clock));
        return writers;
    }
}
