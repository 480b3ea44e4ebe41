package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.SpilledFile;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.verify.RunCheck;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run is interrupted with group 0 at the driver, group 1 half sampled, group 2 leased and not begun, and goes on. */
@Timeout(90)
class SpillingTest {
    @TempDir
    Path folder;

    private final Completion half =
            new Completion(new int[] {9, 8, 7}, new float[] {-1, -2, -3}, new int[3], false, "");
    private final Completion none = new Completion(new int[0], new float[0], new int[0], false, "");

    private Path file(long group) {
        return folder.resolve("spill/group-00000" + group);
    }

    private InProcessRun open(int maxLag) throws IOException {
        InProcessRun run = new InProcessRun(folder, InProcessRun.config(4, maxLag));
        run.hello(GENERATOR, VERIFIER, TRAINER);
        run.ask(Messages.STEPPED, run.stepped(0));
        run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
        return run;
    }

    private static Messages.Leases lease(InProcessRun run, int groups) {
        return (Messages.Leases)
                run.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, groups, new Messages.Pulse(0, 1)));
    }

    private void spill(InProcessRun run, long id) {
        Problem problem = Problem.math("p" + id, "en", id + "+1=?", "1", Map.of());
        byte[] bytes = GroupArrow.toBytes(List.of(new Group(id, problem, new int[] {1, 2}, List.of(half, none))));
        Sink.Memory received = new Sink.Memory();
        received.open(InProcessRun.tree(new Messages.Spill(GENERATOR)), bytes.length);
        received.write(0, ByteBuffer.wrap(bytes));
        run.driver.accept(Messages.SPILL, received);
    }

    private List<String> interrupted(int maxLag) throws IOException {
        try (InProcessRun run = open(maxLag)) {
            assertEquals(maxLag == 0 ? 2 : 3, lease(run, 3).leases().size());
            run.deliver(GENERATOR, InProcessRun.sampled(0, 0));
            run.state.interrupt();
            spill(run, 1);
            run.state.end("interrupted");
            return run.messages;
        }
    }

    @Test
    void whatWasSampledIsKeptAndGoesOnAndIsRemovedWhenItsGroupEnds() throws IOException {
        List<String> messages = interrupted(3);
        // two completions of four tokens, and one of three
        assertTrue(messages.contains("kept for --resume: 2 spilled groups (11 tokens)"), messages.toString());
        try (InProcessRun run = open(3)) {
            assertTrue(
                    run.messages.contains("goes on with 2 spilled groups (11 tokens), 1 is sampled again"),
                    run.messages.toString());
            Messages.Leases leases = lease(run, 3);
            assertEquals(List.of(0L, 1L), leases.begun());
            Group begun = run.fetch(Messages.BEGUN, new Messages.Begun(GENERATOR, 1))
                    .groups()
                    .get(0);
            assertArrayEquals(
                    half.behaviourLogprobs(), begun.completions().get(0).behaviourLogprobs());
            assertEquals(0, begun.completions().get(1).length());
            assertEquals(
                    0,
                    run.fetch(Messages.BEGUN, new Messages.Begun(GENERATOR, 2)).bytes().length);
            run.deliver(GENERATOR, InProcessRun.sampled(0, 0), InProcessRun.sampled(1, 0));
            run.score(0);
            run.score(1);
            assertTrue(Files.exists(file(0)) && Files.exists(file(1)));
            run.fetch(Messages.NEXT, run.next(1));
            assertFalse(Files.exists(file(0)) || Files.exists(file(1)));
        }
    }

    @Test
    void aDamagedFileIsLeftOut() throws IOException {
        interrupted(3);
        byte[] bytes = Files.readAllBytes(file(1));
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(1), bytes);
        try (InProcessRun run = open(3)) {
            assertTrue(
                    run.messages.containsAll(List.of(
                            "damaged and left out: spilled group-000001",
                            "goes on with 1 spilled group (8 tokens), 2 are sampled again")),
                    run.messages.toString());
            assertFalse(Files.exists(file(1)));
            assertEquals(List.of(0L), lease(run, 3).begun());
        }
    }

    private List<String> verified() {
        return RunCheck.of(new RunFolder(folder)).stream()
                .filter(finding -> finding.what().startsWith("spilled"))
                .map(finding -> finding.count() + " " + finding.what()
                        + finding.fault().map(fault -> ", " + fault).orElse(""))
                .toList();
    }

    @Test
    void verifySaysOfEveryFileWhetherItIsSoundAndItsGroupUnfinished() throws IOException {
        interrupted(3);
        assertEquals(List.of("2 spilled groups [0, 1], unfinished by the ledger"), verified());
        byte[] bytes = Files.readAllBytes(file(1));
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(1), bytes);
        List<String> found = verified();
        assertEquals("1 spilled groups [0], unfinished by the ledger", found.get(0));
        String damage = "1 spilled groups, " + file(1) + ": has another SHA-256 than it was written with, ";
        assertTrue(found.get(1).startsWith(damage), found.toString());
        assertTrue(Files.exists(file(1))); // it changes nothing
        // a group that nobody leased: from another ledger
        Files.write(file(1), Files.readAllBytes(file(0)));
        assertEquals(
                "1 spilled groups, " + file(1) + ": does not hold what it says",
                verified().get(1));
        SpilledFile zero = SpilledFile.read(new LocalStorage(file(0)));
        Group seven =
                new Group(7, zero.group().problem(), new int[] {1}, zero.group().completions());
        Files.write(file(7), new SpilledFile(new Lease(7, 0, 1), seven).bytes());
        Files.delete(file(1));
        assertEquals(
                List.of("2 spilled groups [0], unfinished by the ledger; [7], not unfinished: --resume removes them"),
                verified());
    }

    @Test
    void everyDamageOfAnyByteIsSeen() throws IOException {
        interrupted(3);
        byte[] bytes = Files.readAllBytes(file(1));
        for (int at = 0; at < bytes.length; at += 37) {
            byte[] other = bytes.clone();
            other[at] ^= 4;
            Files.write(file(1), other);
            SpilledGroups read = new SpilledGroups(new LocalStorage(folder.resolve("spill")));
            assertEquals(List.of("group-000001"), read.damaged(), "byte " + at);
        }
        for (int length : new int[] {0, 10, 65, 100, bytes.length - 1}) {
            Files.write(file(1), Arrays.copyOf(bytes, length));
            SpilledGroups read = new SpilledGroups(new LocalStorage(folder.resolve("spill")));
            assertEquals(List.of("group-000001"), read.damaged(), length + " bytes");
        }
    }

    @Test
    void aSynchronousRunKeepsNothing() throws IOException {
        List<String> messages = interrupted(0);
        assertTrue(messages.stream().noneMatch(line -> line.contains("spilled")), messages.toString());
        assertFalse(Files.exists(folder.resolve("spill")));
    }

    @Test
    void aRunThatHasMadeAllStepsKeepsNothing() throws IOException {
        try (InProcessRun run = open(3)) {
            lease(run, 3);
            for (int step = 1; step <= 4; step++) run.ask(Messages.STEPPED, run.stepped(step));
            run.state.stop();
            spill(run, 1);
            run.state.end("all steps made");
            assertFalse(Files.exists(folder.resolve("spill")));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNotKeepTheRunFromItsEnd() throws IOException {
        try (InProcessRun run = open(3)) {
            lease(run, 3);
            Files.createFile(folder.resolve("spill"));
            run.state.interrupt();
            spill(run, 1);
            spill(run, 2);
            assertTrue(run.state.end("interrupted").exact());
            assertEquals(
                    1,
                    run.messages.stream()
                            .filter(line -> line.startsWith("groups in flight cannot be kept"))
                            .count(),
                    run.messages.toString());
        }
    }

    @Test
    void whatAKilledProcessWasWritingIsRemoved() throws IOException {
        Path part = Files.createDirectories(folder.resolve("spill")).resolve("group-000000.part");
        Files.writeString(part, "half");
        try (InProcessRun run = open(3)) {
            assertFalse(Files.exists(part));
            assertTrue(run.messages.stream().noneMatch(line -> line.contains("spilled")), run.messages.toString());
        }
    }
}
