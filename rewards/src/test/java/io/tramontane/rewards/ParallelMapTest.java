package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs of a group at the same time, with a sandbox that runs nothing but prints what is wanted. */
@Timeout(60)
class ParallelMapTest {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final Problem PROBLEM = Problem.code(
            "one",
            "en",
            "Print 1.",
            CodeLanguage.PYTHON,
            List.of(new TestCase("", "1"), new TestCase("2", "1"), new TestCase("33", "1")),
            Map.of());

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();

    private Verifiers verifiers(CountDownLatch together) {
        Sandbox sandbox = job -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            runs.incrementAndGet();
            together.countDown();
            try {
                together.await(20, TimeUnit.SECONDS);
                job.stdout().write("1".getBytes(StandardCharsets.UTF_8));
            } catch (InterruptedException | java.io.IOException e) {
                throw new IllegalStateException(e);
            } finally {
                running.decrementAndGet();
            }
            return new Result(Ending.EXITED, 0, "", 0.01);
        };
        return new Verifiers(RewardConfig.defaults(), 1, CodeEnvironment.of(RewardConfig.defaults(), sandbox));
    }

    private static List<String> programs(int count, boolean different) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++)
            texts.add("<think>x</think>\n```python\nprint(1) # " + (different ? i : 0) + "\n```");
        return texts;
    }

    private static List<RewardBreakdown> score(Verifiers verifiers, List<String> texts, Runnable moved) {
        int[] lengths = new int[texts.size()];
        return verifiers.score(PROBLEM, 0, 0, Verifiers.Written.ofTexts(texts, lengths), moved);
    }

    @Test
    void asManyProgramsAsThereAreCoresRunAtTheSameTimeAndNotMore() {
        CountDownLatch together = new CountDownLatch(CORES);
        try (Verifiers verifiers = verifiers(together)) {
            List<RewardBreakdown> rewards = score(verifiers, programs(3 * CORES, true), () -> {});
            assertEquals(0, together.getCount(), "they never ran together");
            assertEquals(CORES, most.get());
            assertEquals(9 * CORES, runs.get());
            assertTrue(rewards.stream().allMatch(r -> r.verdict() == Verdict.CORRECT), rewards.toString());
        }
    }

    @Test
    void theSameProgramIsJudgedOnceAlsoAtTheSameTime() {
        try (Verifiers verifiers = verifiers(new CountDownLatch(0))) {
            List<RewardBreakdown> rewards = score(verifiers, programs(8, false), () -> {});
            assertEquals(3, runs.get());
            assertEquals(
                    8,
                    rewards.stream().filter(r -> r.verdict() == Verdict.CORRECT).count());
        }
    }

    @Test
    void everyCompilationAndEveryTestIsAMove() {
        AtomicInteger moves = new AtomicInteger();
        try (Verifiers verifiers = verifiers(new CountDownLatch(0))) {
            score(verifiers, programs(2, true), moves::incrementAndGet);
        }
        assertEquals(8, moves.get()); // two preparations, two times three tests
    }

    @Test
    void resultsComeInOrderAndWhatIsThrownIsThrown() {
        try (ParallelMap work = new ParallelMap()) {
            assertEquals(List.of(0, 1, 4, 9, 16, 25, 36), work.map(7, i -> i * i));
            assertEquals(List.of(), work.map(0, i -> i));
            IllegalArgumentException thrown = assertThrows(
                    IllegalArgumentException.class,
                    () -> work.map(5, i -> {
                        if (i == 3) throw new IllegalArgumentException("three");
                        return i;
                    }));
            assertEquals("three", thrown.getMessage());
        }
    }

    @Test
    void aGroupThatComesLaterGetsItsTurnInBetween() throws Exception {
        ProgramSlots slots = new ProgramSlots(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        Thread slow = new Thread(() -> {
            for (int i = 0; i < 3; i++) {
                take(slots, () -> {
                    order.add("slow");
                    begun.countDown();
                    waiting.await(20, TimeUnit.SECONDS);
                    return null;
                });
            }
        });
        slow.start();
        begun.await(20, TimeUnit.SECONDS);
        Thread quick = new Thread(() -> take(slots, () -> order.add("quick")));
        quick.start();
        while (quick.getState() != Thread.State.TIMED_WAITING && quick.isAlive()) Thread.onSpinWait();
        waiting.countDown();
        slow.join(20_000);
        quick.join(20_000);
        assertEquals(List.of("slow", "quick", "slow", "slow"), order);
    }

    private static void take(ProgramSlots slots, ProgramSlots.Work<Object, Exception> work) {
        try {
            slots.take(work);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aProgramThatWaitsForACoreIsNotToBlameForTheClock() {
        Limits limits = new Limits(4, 300, 1000, 4, false, 16); // asleep 4.5 s, on the clock 60 s
        assertNull(SandboxRun.late(limits, 40, 36));
        assertEquals(Ending.TIME, SandboxRun.late(limits, 5, 0.4));
        assertEquals(
                Ending.FAULT, SandboxRun.late(limits, 60, 57)); // 3 s of CPU at most, or the limit would have ended it
        assertEquals(Ending.TIME, SandboxRun.late(limits.times(4, 1000), 60, 20)); // may sleep, and did
    }
}
