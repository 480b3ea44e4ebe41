package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.ledger.OpenGroup.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to groups, the indexes answer what a look at all groups would. */
class OpenGroupsTest {
    private final BatchSizes sizes = BatchSizes.of(new TreeMap<>(Map.of(1, 2, 5, 3)));
    private final Admission admission = new Admission(sizes, 2);
    private final OpenGroups groups = new OpenGroups(sizes);

    private Stream<OpenGroup> ofStage(int stage) {
        return groups.all().stream().filter(g -> g.scheduled() && sizes.stageOf(g.step) == stage);
    }

    private static List<Integer> versions(Stream<OpenGroup> of) {
        return of.map(g -> g.version).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void indexesAgreeWithALookAtAllGroups(long seed) {
        Random random = new Random(seed);
        for (int turn = 0; turn < 2_000; turn++) {
            change(random, turn);
            int now = random.nextInt(2_000);
            assertEquals(simplyReturned(), List.copyOf(groups.returned()));
            assertEquals(
                    groups.all().stream()
                            .filter(g -> g.place == Place.SPILLED)
                            .map(g -> g.id)
                            .toList(),
                    List.copyOf(groups.spilled()));
            assertEquals(
                    groups.all().stream()
                            .filter(g -> g.place == Place.LEASED && g.deadline <= now)
                            .toList(),
                    groups.late(now));
            for (Place place : Place.values())
                assertEquals(groups.all().stream().filter(g -> g.place == place).count(), groups.count(place));
            for (String name : List.of("a", "b")) assertEquals(simplyHeld(name), groups.heldBy(name));
            for (int stage : List.of(1, 5)) compare(stage, random.nextInt(6), 1 + random.nextInt(3));
        }
    }

    private List<Long> simplyReturned() {
        return groups.all().stream().filter(g -> !g.scheduled()).map(g -> g.id).toList();
    }

    private List<OpenGroup> simplyHeld(String name) {
        return groups.all().stream()
                .filter(g -> g.place == Place.LEASED && g.holder.name().equals(name))
                .toList();
    }

    private void compare(int stage, int version, int wanted) {
        StageGroups counted = groups.stage(stage);
        List<Integer> oneMore = new ArrayList<>(versions(ofStage(stage)));
        oneMore.add(version);
        assertEquals(admission.holds(stage, oneMore, version), admission.holds(stage, counted.with(version), version));
        List<OpenGroup> first = ofStage(stage)
                .filter(g -> g.place == Place.READY)
                .sorted(Comparator.<OpenGroup>comparingInt(g -> g.version).thenComparingLong(g -> g.id))
                .limit(wanted)
                .toList();
        assertEquals(first.size() == wanted, counted.hasReady(wanted));
        assertEquals(first.stream().map(g -> g.id).toList(), counted.firstReady(wanted));
        List<Integer> others = versions(ofStage(stage).filter(g -> !first.contains(g)));
        assertEquals(
                admission.holds(stage, others, version),
                admission.holds(stage, counted.withoutFirst(first.size()), version));
    }

    private void change(Random random, int turn) {
        if (groups.size() < 4 || random.nextInt(4) == 0) groups.add(new OpenGroup(turn));
        List<OpenGroup> all = List.copyOf(groups.all());
        OpenGroup one = all.get(random.nextInt(all.size()));
        switch (one.place) {
            case RETURNED, SPILLED -> {
                Lease lease = new Lease(one.id, random.nextInt(6), 1 + random.nextInt(8));
                groups.lease(one, new Holder(random.nextBoolean() ? "a" : "b", 0), lease, random.nextInt(2_000));
            }
            case LEASED -> {
                switch (random.nextInt(4)) {
                    case 0 -> groups.giveBack(one);
                    case 1 -> groups.spill(one, new Spilled(one.lease(), one.version));
                    case 2 -> groups.renew(one, random.nextInt(2_000));
                    default -> groups.deliver(one, Given.group(one.id, one.version));
                }
            }
            case DELIVERED -> groups.ready(one, null);
            case READY -> {
                if (random.nextInt(3) == 0) groups.remove(one.id);
            }
        }
    }
}
