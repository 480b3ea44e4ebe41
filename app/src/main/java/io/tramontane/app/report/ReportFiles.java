package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.Finding;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the files that people read can be read: metrics, samples, evaluations. Training does not depend on them. */
public final class ReportFiles {
    private static final String CURE = "none is needed: the line is left out, --resume moves it aside";

    private ReportFiles() {}

    /** One finding, at most a warning. */
    public static Finding check(RunFolder folder) {
        List<String> faults = new ArrayList<>();
        int count = 1;
        try {
            RowFile.readLog(folder.metrics(), line -> faults.add(line.fault()));
            for (StoragePath parent : List.of(folder.samples(), folder.evaluations()))
                for (String name : parent.list()) {
                    if (!name.endsWith(".jsonl")) continue;
                    count++;
                    RowFile.read(parent.child(name), line -> faults.add(line.fault()));
                }
        } catch (IOException | RuntimeException e) {
            faults.add(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        Optional<String> fault = faults.stream().findFirst();
        return new Finding("report files", count, fault, fault.map(any -> CURE), true);
    }
}
