package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.Stage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class StageNoticeTest {
    private static final Config STAGED =
            InProcessRun.config(3, 3).with(List.of(new Stage(2, Map.of("rollout.maxTokens", List.of("72")))));

    private final List<String> told = new CopyOnWriteArrayList<>();

    private void heard(ListenerQueue listeners, String... expected) {
        listeners.postAndWait(l -> {});
        assertEquals(List.of(expected), told);
    }

    @Test
    void aStageIsToldOnceAndAfterTheRowOfTheStepBefore() {
        try (ListenerQueue listeners = new ListenerQueue(new Lines(), e -> {})) {
            StageNotice notice = new StageNotice(STAGED, listeners, 0);
            notice.batchTaken(1);
            notice.batchTaken(2); // while step 1 is reported
            heard(listeners);
            notice.stepMade(1);
            heard(listeners, "step 2, stage 2 of 2: rollout.maxTokens 72");
            notice.batchTaken(2); // a trainer that starts again
            notice.stepMade(2);
            heard(listeners, "step 2, stage 2 of 2: rollout.maxTokens 72");
        }
    }

    private final class Lines implements RunListener {
        @Override
        public void message(String line) {
            told.add(line);
        }
    }
}
