package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Sha256;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightDigestTest {
    @Test
    void openSslAndJavaSayTheSame() {
        byte[] bytes = new byte[1_000_003];
        new Random(1).nextBytes(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        WeightDigest one = WeightDigest.begin();
        WeightDigest other = WeightDigest.ofJava();
        for (int at = 0; at < bytes.length; at += 333_333) {
            int end = Math.min(bytes.length, at + 333_333);
            one.update(direct.duplicate().position(at).limit(end));
            other.update(ByteBuffer.wrap(bytes, at, end - at));
        }
        String expected = Sha256.of(bytes);
        assertEquals(expected, one.hex());
        assertEquals(expected, other.hex());
    }

    @Test
    void bytesOfTheHeapCountAsWell() {
        WeightDigest digest = WeightDigest.begin();
        ByteBuffer bytes = ByteBuffer.wrap("abc".getBytes());
        digest.update(bytes);
        assertEquals(0, bytes.remaining());
        // FIPS 180-2, appendix B.1
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.hex());
    }
}
