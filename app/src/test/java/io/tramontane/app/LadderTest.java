package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.config.Stage;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.Completion;
import io.tramontane.data.ScoredGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run whose completions get longer and whose batches get smaller, as in section 5.2 of the paper. */
@Tag("cluster")
class LadderTest {
    private static final int STEPS = 9;

    @TempDir
    Path folder;

    /**
     * Two groups of four in steps 1 to 3, one of four in 4 to 6, two of two from 7 on; checkpoints after steps 3, 6 and 9.
     * The policy is random, so that nearly every completion is as long as it may be.
     */
    private static Config ladder() {
        return TinyRun.config(STEPS, 0, 3)
                .with(new EvaluationConfig(0, 1000, false))
                .with(List.of(
                        new Stage(
                                4,
                                Map.of(
                                        "rollout.maxTokens", List.of("72"),
                                        "rewards.maxLength", List.of("72"),
                                        "trainer.batchSize", List.of("4"),
                                        "trainer.optimizer.learningRate", List.of("3e-6"),
                                        "data.gym.levelWeights", List.of("0", "1"))),
                        new Stage(
                                7,
                                Map.of(
                                        "rollout.maxTokens", List.of("80"),
                                        "rollout.groupSize", List.of("2"),
                                        "trainer.minibatchSize", List.of("2"),
                                        "trainer.loss.clipHigh", List.of("0.3")))));
    }

    /** The driver's process; {@code args} are the scratch folder and whether to resume. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            TinyRun told = new TinyRun();
            int code = 1;
            try {
                RunFolder run = new RunFolder(scratch.resolve("run"));
                boolean resume = Boolean.parseBoolean(args[1]);
                code = TrainRun.run(ladder(), run, resume, "local[*]", told.setup(ladder(), scratch));
            } catch (Throwable e) {
                e.printStackTrace();
            }
            told.messages.forEach(System.out::println);
            System.exit(code);
        }
    }

    private static Stream<Completion> completions(Batch batch) {
        return batch.groups().stream().flatMap(group -> group.group().completions().stream());
    }

    private static Batch batch(RunFolder run, int step) {
        return BatchArrow.read(run.batch(step).local());
    }

    private static List<Object> ofSteps(Object first, Object second, Object third) {
        return IntStream.rangeClosed(1, STEPS)
                .mapToObj(step -> step < 4 ? first : step < 7 ? second : third)
                .toList();
    }

    private static List<Object> eachBatch(RunFolder run, Function<Batch, Object> what) {
        return IntStream.rangeClosed(1, STEPS)
                .mapToObj(step -> what.apply(batch(run, step)))
                .toList();
    }

    @Test
    void aLadderThatIsKilledInItsSecondStageEndsAsTheOneThatIsNot() throws Exception {
        RunFolder whole = new RunFolder(folder.resolve("whole"));
        TinyRun told = new TinyRun();
        TrainRun.run(ladder(), whole, false, "local[*]", told.setup(ladder(), folder));
        assertEquals(ofSteps(2, 1, 2), eachBatch(whole, b -> b.groups().size()));
        assertEquals(ofSteps(8L, 4L, 4L), eachBatch(whole, b -> completions(b).count()));
        assertEquals(ofSteps(64, 72, 80), eachBatch(whole, b -> completions(b)
                .mapToInt(Completion::length)
                .max()
                .orElse(0)));
        assertEquals(ofSteps(64, 72, 72), told.column("maxLength"));
        assertEquals(ofSteps(1, 2, 3), told.column("stage"));
        // warm-up over five steps: a fifth of the rate at each
        assertEquals(
                List.of(2e-7, 4e-7, 6e-7, 2.4e-6, 3e-6, 3e-6, 3e-6, 3e-6, 3e-6),
                told.column("learningRate").stream()
                        .map(rate -> Math.round((double) rate * 1e12) / 1e12)
                        .toList());
        assertTrue(levels(batch(whole, 5)).allMatch(level -> level == 2), "levelWeights 0, 1 from step 4 on");
        assertEquals(
                List.of(
                        "step 4, stage 2 of 3: data.gym.levelWeights [0, 1], rewards.maxLength 72, rollout.maxTokens 72,"
                                + " trainer.batchSize 4, trainer.optimizer.learningRate 3e-6",
                        "step 7, stage 3 of 3: rollout.groupSize 2, rollout.maxTokens 80, trainer.loss.clipHigh 0.3,"
                                + " trainer.minibatchSize 2"),
                told.messages.stream().filter(line -> line.startsWith("step ")).toList());

        Path parts = folder.resolve("parts");
        try (RunProcess driver = RunProcess.start(DriverProcess.class, parts, false)) {
            driver.awaitStep(5);
        } // kill -9; the checkpoint is that of step 3, in the first stage
        RunFolder run = new RunFolder(parts.resolve("run"));
        assertTrue(History.read(RunProcess.events(parts)).lastStep() < STEPS, "killed too late");
        try (RunProcess again = RunProcess.start(DriverProcess.class, parts, true)) {
            again.awaitEnd();
        }
        assertTrue(Audit.of(RunProcess.events(parts)).exact());
        assertEquals(
                History.read(RunState.eventsFile(whole)).steps(),
                History.read(RunState.eventsFile(run)).steps());
    }

    private static Stream<Integer> levels(Batch batch) {
        return batch.groups().stream().map(ScoredGroup::group).map(group -> group.problem()
                .level());
    }
}
