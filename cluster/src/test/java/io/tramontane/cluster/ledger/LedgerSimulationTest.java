package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole run in random order with crashes of every process; whatever happens, the audit is exact and no token too old. */
class LedgerSimulationTest {
    private static final int STEPS = 40;

    @TempDir
    Path folder;

    private final Given.Memory store = new Given.Memory();
    private final Set<Integer> served = new HashSet<>();
    private final Map<Integer, List<Long>> firstSeen = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final List<Working> working = new ArrayList<>();
    private Random random;
    private LedgerState ledger;
    private int maxLag;
    private BatchSizes sizes;
    private final Map<Long, Integer> leasedFor = new HashMap<>();
    private int version;
    private int checkpoint;
    private long now;

    private record Working(Holder holder, Group group) {}

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "3,2", "4,3", "5,1", "6,0", "7,2", "8,5"})
    void everyGroupEndsExactlyOnce(long seed, int lag) throws IOException {
        sizes = BatchSizes.always(2);
        run(seed, lag, STEPS * 2L);
    }

    /** Two groups a batch up to step 14, then three, and one from step 31 on: 28 + 48 + 10. */
    @ParameterizedTest
    @CsvSource({"11,0", "12,1", "13,2", "14,3", "15,9", "16,0", "17,20"})
    void everyBatchOfALadderHasTheGroupsOfItsStage(long seed, int lag) throws IOException {
        sizes = BatchSizes.of(new TreeMap<>(Map.of(1, 2, 15, 3, 31, 1)));
        run(seed, lag, 86);
    }

    private void run(long seed, int lag, long trained) throws IOException {
        random = new Random(seed);
        maxLag = lag;
        restartDriver();
        for (int turn = 0; version < STEPS; turn++) {
            assertTrue(turn < 200_000, "stuck at version " + version + ": " + ledger.summary());
            now++;
            act(random.nextInt(1000));
        }
        ledger.stop(now);
        Audit audit = Audit.of(new LocalStorage(events()));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(trained, audit.trained());
        long dropped =
                audit.dropped().values().stream().mapToLong(Long::longValue).sum();
        assertEquals(audit.leased(), audit.trained() + dropped + audit.inFlight());
        assertTrue(dropped > 0 && audit.leased() > trained, audit.toString());
    }

    private Path events() {
        return folder.resolve("events.jsonl");
    }

    private void act(int dice) throws IOException {
        if (dice < 5) crashDriver();
        else if (dice < 15) restartGenerator("generator-" + random.nextInt(2));
        else if (dice < 20) trainerDies();
        else if (dice < 300) lease();
        else if (dice < 600) finishOne();
        else if (dice < 800) verify();
        else train();
    }

    private Holder holder(String name) {
        return new Holder(name, attempts.getOrDefault(name, 0));
    }

    private void lease() {
        Holder holder = holder("generator-" + random.nextInt(2));
        int behind = random.nextInt(4) == 0 && version > 0 ? version - 1 : version;
        for (Lease lease : ledger.lease(now, holder, behind, 1 + random.nextInt(3))) {
            working.add(new Working(holder, sampled(lease)));
            leasedFor.put(lease.group(), lease.step());
        }
    }

    private Group sampled(Lease lease) {
        Completion completion =
                new Completion(new int[] {3}, new float[] {-1}, new int[] {lease.version()}, true, "<think>x</think>y");
        Problem problem = Problem.math("p" + lease.group(), "en", "?", "1", Map.of());
        return new Group(lease.group(), problem, new int[] {1}, List.of(completion, completion));
    }

    /** Groups finish in any order; some are sent twice, as after a broken connection. */
    private void finishOne() {
        if (working.isEmpty()) return;
        Working done = working.remove(random.nextInt(working.size()));
        ledger.deliver(now, done.holder(), done.group());
        if (random.nextInt(5) == 0) ledger.deliver(now, done.holder(), done.group());
    }

    private void verify() {
        for (Group group : ledger.takeForScoring(now, holder("verifier-0"), Problem.Kind.MATH, 3)) {
            if (random.nextInt(20) == 0) continue; // the verifier forgets it: its deadline passes
            double second = random.nextInt(3) == 0 ? 0.9 : random.nextInt(20) == 0 ? Double.NaN : 0;
            ledger.rewards(now, group.id(), Given.rewards(0.9, second));
        }
    }

    private void train() {
        Optional<Batch> batch = ledger.takeBatch(now, version + 1);
        if (batch.isEmpty()) return;
        List<Long> ids = batch.get().groups().stream().map(g -> g.group().id()).toList();
        assertEquals(firstSeen.computeIfAbsent(version + 1, step -> ids), ids, "batch of step " + (version + 1));
        int step = version + 1;
        assertEquals(sizes.at(step), ids.size(), "groups of step " + step);
        for (long id : ids)
            if (!served.contains(step))
                assertEquals(sizes.stageOf(step), sizes.stageOf(leasedFor.get(id)), "stage of group " + id);
        served.add(step);
        for (var scored : batch.get().groups())
            for (Completion completion : scored.group().completions())
                assertTrue(
                        version - completion.oldestVersion() <= maxLag,
                        "lag of group " + scored.group().id());
        version++;
        ledger.stepped(now, version, new MadeStep("theta" + version, "cpu"));
        ledger.published(now, version);
        if (version % 7 == 0) checkpoint = version;
    }

    private void trainerDies() {
        version = checkpoint;
    }

    private void restartGenerator(String name) {
        attempts.merge(name, 1, Integer::sum);
        working.removeIf(w -> w.holder().name().equals(name));
        ledger.register(now, holder(name));
    }

    private void crashDriver() throws IOException {
        if (random.nextBoolean())
            Files.writeString(events(), "{\"event\":\"lea", java.nio.file.StandardOpenOption.APPEND);
        working.clear();
        restartDriver();
    }

    private void restartDriver() {
        version = checkpoint;
        LedgerConfig config = new LedgerConfig(sizes, maxLag, 2, Duration.ofMillis(400), Duration.ofMillis(40));
        History history = History.read(new LocalStorage(events()));
        ledger = new LedgerState(
                config,
                new EventLog(new LocalStorage(events()), history.chain()),
                store,
                new LedgerListener() {},
                history);
        ledger.open(now, version);
    }
}
