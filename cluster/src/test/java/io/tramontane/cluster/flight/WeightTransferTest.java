package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeightTransferTest {
    /** 1.3 million parameters: 5.3 MB, more than one Arrow batch. */
    private static final PolicyConfig SHAPE = new PolicyConfig(1, 128, 2, 1, 64, 128, 9000, 64, 10_000, 1e-6, true, 0);

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

    @Test
    void thePulledWeightsAreTheOfferedOnes() {
        Offer offer = server.offer(random(7), CANARY);
        WeightSnapshot pulled = puller.pull(offer);
        assertEquals(7, pulled.version());
        assertEquals(random(7).digest(), pulled.digest());
        assertEquals(pulled.digest(), offer.digest());
    }

    @Test
    void aFlippedByteIsFoundAndTheTensorNamed() {
        WeightSnapshot weights = random(7);
        Offer offer = server.offer(weights, CANARY);
        ByteBuffer one = ByteBuffer.allocate(1);
        weights.read(weights.bytes() - 1, one);
        weights.write(weights.bytes() - 1, ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}));
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> puller.pull(offer));
        assertTrue(error.getMessage().contains("tensor model.norm.weight has checksum"), error.getMessage());
    }

    @Test
    void theLatestVersionAndTheLastingOneAreKept() {
        List<Offer> offers = new ArrayList<>();
        for (int version = 48; version <= 53; version++) offers.add(server.offer(random(version), CANARY));
        assertEquals(53, puller.pull(offers.get(5)).version());
        assertEquals(50, puller.pull(offers.get(2)).version());
        PeerException gone = assertThrows(PeerException.class, () -> puller.pull(offers.get(4)));
        assertTrue(gone.getMessage().contains("weights of version 52 are not here, only of [50, 53]"));
    }

    @Test
    void roomIsMadeForTheNextVersionButNotOfTheLastingOne() {
        Offer lasting = server.offer(random(50), CANARY);
        Offer newest = server.offer(random(51), CANARY);
        server.makeRoom();
        assertEquals(50, puller.pull(lasting).version());
        assertThrows(PeerException.class, () -> puller.pull(newest));
    }

    @Test
    void insideOneProcessTheSnapshotItselfIsShared() {
        WeightSnapshot weights = random(7);
        Offer offer = server.offer(weights, CANARY);
        assertSame(weights, WeightServer.shared(offer).orElseThrow());
        server.offer(random(8), CANARY);
        assertTrue(WeightServer.shared(offer).isEmpty());
        Offer elsewhere = new Offer(8, offer.digest(), offer.checksums(), new Address("127.0.0.1", 1), CANARY);
        assertTrue(WeightServer.shared(elsewhere).isEmpty());
    }

    @Test
    void theCanaryMeasuresTheMeanDivergence() {
        // d = 0 and d = -2 + 1.9 = -0.1: (0 + exp(-0.1) - 1 + 0.1) / 2 = 0.0048374 / 2
        assertEquals(0.0024187, CANARY.meanKl(new float[] {-1, -1.9f}), 1e-7);
        assertEquals(0, CANARY.meanKl(new float[] {-1, -2}), 0);
    }
}
