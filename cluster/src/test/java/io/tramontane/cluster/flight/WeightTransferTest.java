package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeightTransferTest {
    /** 1.3 million parameters: 5.3 MB, more than one Arrow batch. */
    private static final PolicyConfig SHAPE = new PolicyConfig(1, 128, 2, 1, 64, 128, 9000, 64, 10_000, 1e-6, true, 0);

    private static final long PIECE = 5_001;
    private static final Offer.Canary CANARY = new Offer.Canary(new int[] {1, 2, 3}, 1, new float[] {-1, -2});

    private final BufferAllocator allocator = new RootAllocator();
    private final Secret secret = Secret.create();
    private WeightServer server;
    private WeightPuller puller;

    @BeforeEach
    void start() throws IOException {
        server = new WeightServer(allocator, "127.0.0.1", secret, version -> version % 50 == 0);
        puller = new WeightPuller(allocator, secret, SHAPE);
    }

    @AfterEach
    void everythingIsGivenBack() {
        server.close();
        allocator.close();
    }

    private static WeightSnapshot random(int version) {
        WeightSnapshot weights = new WeightSnapshot(SHAPE, version);
        byte[] bytes = new byte[(int) weights.bytes()];
        new Random(version).nextBytes(bytes);
        weights.write(0, ByteBuffer.wrap(bytes));
        return weights;
    }

    private Offer offer(WeightSnapshot weights) {
        return new Offer(weights.version(), weights.digest(), List.of(server.offer(weights)), CANARY);
    }

    /** What one of two ranks holds: every second range of some thousand numbers. */
    private static WeightSnapshot half(int rank) {
        List<VectorRange> ranges = new ArrayList<>();
        for (long at = PIECE * rank; at < SHAPE.parameters(); at += 2 * PIECE)
            ranges.add(new VectorRange(at, Math.min(PIECE, SHAPE.parameters() - at)));
        WeightSnapshot half = WeightSnapshot.ofRanges(SHAPE, 7, ranges);
        ByteBuffer all = ByteBuffer.allocate((int) half.bytes());
        random(7).read(0, all);
        half.write(0, all.flip());
        return half;
    }

    @Test
    void ranksServeWhatTheyHoldAndAllOfItIsPulled() throws IOException {
        try (WeightServer other = new WeightServer(allocator, "127.0.0.1", secret, version -> false)) {
            List<Offer.Source> sources = List.of(server.offer(half(0)), other.offer(half(1)));
            Offer offer = new Offer(7, "", sources, CANARY);
            assertEquals(random(7).digest(), puller.pull(offer).digest()); // in this process they are copied
            assertTrue(WeightServer.shared(offer).isEmpty());
            Offer one = new Offer(7, "", sources.subList(0, 1), CANARY);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> puller.pull(one));
            assertTrue(
                    e.getMessage().matches("weights of version 7: the ranks serve \\d+ bytes, policy has \\d+"),
                    e.getMessage());
        }
    }

    @Test
    void rangesTravel() {
        Offer.Source source = server.offer(half(0));
        Offer.Source told = Json.convert(Json.tree(Json.write(source)), Offer.Source.class);
        assertEquals(source, told);
        WeightSnapshot pulled = puller.fetch(told, new WeightSnapshot(SHAPE, 7), Set.of());
        WeightSnapshot all = random(7);
        for (VectorRange range : source.ranges()) assertEquals(all.checksum(range), pulled.checksum(range));
    }

    /** Two tensors change; the server forgets the others' bytes, so that they can only come from the last version. */
    @Test
    void rangesThatHaveNotChangedAreNotSentAgain() {
        WeightSnapshot first = puller.pull(offer(random(7)));
        WeightSnapshot next = random(7).withVersion(8);
        TensorRange embedding = next.tensors().get(0);
        next.write(embedding.offset() * Float.BYTES, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        Offer offer = offer(next);
        for (TensorRange tensor : next.tensors())
            if (tensor.offset() > 0) next.write(tensor.offset() * Float.BYTES, ByteBuffer.allocate(4));
        WeightSnapshot pulled = puller.pull(offer);
        assertEquals(offer.digest(), pulled.digest());
        assertEquals(7, first.version());
    }

    /** A source that says so although the bytes differ is found by the digest, and all is fetched. */
    @Test
    void aDigestThatDoesNotFitFetchesAll() {
        WeightSnapshot kept = puller.pull(offer(random(7)));
        WeightSnapshot other = random(8);
        Offer true8 = offer(other);
        Offer.Source source = true8.sources().get(0);
        List<Long> liar = List.copyOf(offerChecksums(kept));
        Offer wrong =
                new Offer(8, true8.digest(), List.of(new Offer.Source(source.server(), source.ranges(), liar)), CANARY);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> puller.pull(wrong));
        assertTrue(e.getMessage().contains("has checksum"), e.getMessage()); // of what was fetched
        assertEquals(7, kept.version()); // still in memory, so that it was copied from first
    }

    private static List<Long> offerChecksums(WeightSnapshot weights) {
        return weights.tensors().stream().map(weights::checksum).toList();
    }

    @Test
    void thePulledWeightsAreTheOfferedOnes() {
        Offer offer = offer(random(7));
        WeightSnapshot pulled = puller.pull(offer);
        assertEquals(7, pulled.version());
        assertEquals(random(7).digest(), pulled.digest());
        assertEquals(pulled.digest(), offer.digest());
    }

    @Test
    void aFlippedByteIsFoundAndTheTensorNamed() {
        WeightSnapshot weights = random(7);
        Offer offer = offer(weights);
        ByteBuffer one = ByteBuffer.allocate(1);
        weights.read(weights.bytes() - 1, one);
        weights.write(weights.bytes() - 1, ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}));
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> puller.pull(offer));
        assertTrue(error.getMessage().contains("tensor model.norm.weight has checksum"), error.getMessage());
    }

    @Test
    void theLatestVersionAndTheLastingOneAreKept() {
        List<Offer> offers = new ArrayList<>();
        for (int version = 48; version <= 53; version++) offers.add(offer(random(version)));
        assertEquals(53, puller.pull(offers.get(5)).version());
        assertEquals(50, puller.pull(offers.get(2)).version());
        PeerException gone = assertThrows(PeerException.class, () -> puller.pull(offers.get(4)));
        assertTrue(gone.getMessage().contains("weights of version 52 are not here, only of [50, 53]"));
    }

    @Test
    void roomIsMadeForTheNextVersionButNotOfTheLastingOne() {
        Offer lasting = offer(random(50));
        Offer newest = offer(random(51));
        server.makeRoom();
        assertEquals(50, puller.pull(lasting).version());
        assertThrows(PeerException.class, () -> puller.pull(newest));
    }

    @Test
    void insideOneProcessTheSnapshotItselfIsShared() {
        WeightSnapshot weights = random(7);
        Offer offer = offer(weights);
        assertSame(weights, WeightServer.shared(offer).orElseThrow());
        offer(random(8));
        assertTrue(WeightServer.shared(offer).isEmpty());
        Offer elsewhere = new Offer(
                8, "", List.of(new Offer.Source(new Address("127.0.0.1", 1, ""), List.of(), List.of())), CANARY);
        assertTrue(WeightServer.shared(elsewhere).isEmpty());
    }

    @Test
    void theCanaryMeasuresTheMeanDivergence() {
        // d = 0 and d = -2 + 1.9 = -0.1: (0 + exp(-0.1) - 1 + 0.1) / 2 = 0.0048374 / 2
        assertEquals(0.0024187, CANARY.meanKl(new float[] {-1, -1.9f}), 1e-7);
        assertEquals(0, CANARY.meanKl(new float[] {-1, -2}), 0);
    }
}
