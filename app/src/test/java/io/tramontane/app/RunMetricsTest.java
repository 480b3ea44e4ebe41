package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.app.report.Metric;
import io.tramontane.app.report.MetricNames;
import io.tramontane.app.report.MetricsLog;
import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.run.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of a real run and the list of metrics name the same things, both ways. */
class RunMetricsTest {
    @TempDir
    Path folder;

    private static Set<String> listed(String kind) {
        Set<String> names = new TreeSet<>();
        for (Metric metric : MetricNames.byKind().get(kind)) names.add(metric.name());
        return names;
    }

    private static Set<String> written(String kind, List<Map<String, Object>> rows) {
        Set<String> names = new TreeSet<>();
        for (Map<String, Object> row : rows) if (row.get("kind").equals(kind)) names.addAll(row.keySet());
        names.remove("kind");
        return names;
    }

    /** Rows of a run of two steps, as its file holds them. */
    private List<Map<String, Object>> rows(String name, String... settings) {
        TinyRun told = new TinyRun();
        // two samples and forced openings, so that every name of an evaluation occurs
        Config tiny = TinyRun.config(2, 0, 100).with(new EvaluationConfig(4, 1000, true, 2, 0.7, 1));
        Config config = ConfigReader.read(tiny, Optional.empty(), List.of(settings));
        RunFolder run = RunFolder.create(folder.resolve(name));
        TrainRun.run(config, run, false, "local[*]", told.setup(config, folder));
        try (MetricsLog log = MetricsLog.open(run)) {
            for (List<Map<String, Object>> rows : List.of(told.train, told.eval, told.end)) rows.forEach(log::append);
        }
        return MetricsLog.read(run);
    }

    @Test
    void whatARunWritesIsListedAndWhatIsListedIsWritten() {
        List<Map<String, Object>> rows = new ArrayList<>(rows("masked", "trainer.loss.correction=icepop"));
        rows.addAll(rows("bounded", "trainer.loss.correction=tis", "trainer.loss.klCoef=0.001"));
        Set<String> train = listed("train");
        train.remove("reward.<name>"); // only with a reward of the user's own, see StepWindowTest
        assertEquals(train, written("train", rows));
        assertEquals(listed("eval"), written("eval", rows));
        assertEquals(listed("end"), written("end", rows));
    }
}
