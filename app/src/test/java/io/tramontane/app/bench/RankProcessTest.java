package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.Shard;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks as processes of their own. */
@Tag("cluster")
class RankProcessTest {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int STEPS = 10;

    @TempDir
    private Path folder;

    private static RankTask task(String shape, Shard shard, boolean sharedMemory) {
        return new RankTask(
                shape, shard, Keep.ALL, Dtype.FLOAT32, Dtype.FLOAT32, STEPS, 4, 4, 8, 24, 200, sharedMemory, 0, true);
    }

    private RanksBench.Result run(String name, int count, RankTask task) {
        return new RanksBench(task, false, 600).run(count, folder.resolve(name));
    }

    private static WeightSnapshot saved(RanksBench.Result result) {
        return Checkpoint.read(result.folder().resolve("checkpoint"), STEPS);
    }

    /** Norm of the difference as a share of the norm. */
    private static double apart(WeightSnapshot one, WeightSnapshot other) {
        double difference = 0;
        double size = 0;
        int piece = 1 << 20;
        for (long at = 0; at < one.bytes(); at += piece) {
            ByteBuffer a =
                    ByteBuffer.allocate((int) Math.min(piece, one.bytes() - at)).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer b = ByteBuffer.allocate(a.capacity()).order(ByteOrder.LITTLE_ENDIAN);
            one.read(at, a);
            other.read(at, b);
            for (int i = 0; i < a.capacity(); i += Float.BYTES) {
                difference += Math.pow((double) a.getFloat(i) - b.getFloat(i), 2);
                size += Math.pow(a.getFloat(i), 2);
            }
        }
        return Math.sqrt(difference / size);
    }

    static Stream<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (String shape : List.of("tiny", "10m"))
            for (Shard shard : Shard.values())
                for (int count : new int[] {2, 3, 4}) ways.add(Arguments.of(shape, shard, count));
        return ways.stream();
    }

    /** Slower than the same with threads, which RankedTrainerTest does always. */
    @Tag("heavy")
    @ParameterizedTest
    @MethodSource("ways")
    void ranksTrainWhatOneRankTrainsTwiceTheSame(String shape, Shard shard, int count) {
        WeightSnapshot alone = saved(run("alone", 1, task(shape, shard, true)));
        RanksBench.Result first = run("first", count, task(shape, shard, true));
        assertEquals(first.digest(), saved(first).digest());
        double apart = apart(alone, saved(first));
        assertTrue(apart < 1e-6, "apart by " + apart);
        assertEquals(
                first.digest(), run("again", count, task(shape, shard, true)).digest());
        assertEquals(
                first.digest(), run("sockets", count, task(shape, shard, false)).digest());
    }

    @Test
    void threeRanksHaveTheWeightsOfOneWhateverTheWay() {
        WeightSnapshot alone = saved(run("alone", 1, task("tiny", Shard.FULL, true)));
        RanksBench.Result memory = run("memory", 3, task("tiny", Shard.FULL, true));
        RanksBench.Result sockets = run("sockets", 3, task("tiny", Shard.FULL, false));
        assertEquals("shared memory", memory.ranks().get(0).way());
        assertEquals("sockets", sockets.ranks().get(0).way());
        assertEquals(memory.digest(), sockets.digest());
        double apart = apart(alone, saved(memory));
        assertTrue(apart < 1e-6, "apart by " + apart);
    }

    @Test
    void aRankThatIsKilledInTheMiddleOfASumEndsTheOthersWithinSeconds() throws Exception {
        RankTask task = new RankTask(
                "tiny", Shard.NONE, Keep.ALL, Dtype.FLOAT32, Dtype.FLOAT32, 0, 1, 2, 1, 1, 1, true, 100_000_000, false);
        JSON.writeValue(folder.resolve("task.json").toFile(), task);
        Files.write(folder.resolve("secret"), new byte[] {1, 2, 3});
        List<Process> ranks = new ArrayList<>();
        try {
            for (int rank = 0; rank < 3; rank++) ranks.add(RanksBench.start(folder, rank, 3, List.of()));
            awaitFirstSum();
            ranks.get(1).destroyForcibly();
            for (int rank : new int[] {0, 2}) {
                assertTrue(ranks.get(rank).waitFor(30, TimeUnit.SECONDS), "rank " + rank + " waits: " + log(rank));
                assertEquals(1, ranks.get(rank).exitValue(), log(rank));
                assertTrue(log(rank).contains("RankException: rank " + rank + " of 3, phase "), log(rank));
            }
            assertTrue(log(2).contains(": rank 1 ("), log(2)); // the one before it
        } finally {
            ranks.forEach(Process::destroyForcibly);
        }
    }

    private void awaitFirstSum() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!log(0).contains("sum 1,")) {
            assertTrue(System.nanoTime() < end, "no sum: " + log(0));
            TimeUnit.MILLISECONDS.sleep(5); // another process: there is nothing to wait on
        }
    }

    private String log(int rank) throws IOException {
        Path log = folder.resolve("rank-" + rank + ".log");
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
