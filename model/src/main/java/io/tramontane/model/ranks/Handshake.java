package io.tramontane.model.ranks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two ranks prove to each other that they belong to the same run: each answers the other's random bytes with their
 * HMAC-SHA256 under the run's secret, which itself never travels.
 */
final class Handshake {
    private static final int MAGIC = 0x54524b31; // TRK1
    private static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;

    Handshake(byte[] secret) {
        this.secret = secret.clone();
    }

    /**
     * What a connection is for.
     *
     * @param rank who connects
     * @param channel for vectors and messages, or for signs of life
     */
    record Caller(int rank, int channel) {}

    /** The side that connects. */
    void call(Socket socket, Caller me) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] mine = random();
        out.writeInt(MAGIC);
        out.writeInt(me.rank());
        out.writeInt(me.channel());
        out.write(mine);
        out.flush();
        byte[] theirs = in.readNBytes(BYTES);
        out.write(proof("call", me, theirs));
        out.flush();
        check(in.readNBytes(BYTES), proof("answer", me, mine));
    }

    /** The side that listens; says who has called. */
    Caller answer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        if (in.readInt() != MAGIC) throw new IOException("no rank of ours");
        Caller caller = new Caller(in.readInt(), in.readInt());
        byte[] theirs = in.readNBytes(BYTES);
        byte[] mine = random();
        out.write(mine);
        out.flush();
        check(in.readNBytes(BYTES), proof("call", caller, mine));
        out.write(proof("answer", caller, theirs));
        out.flush();
        return caller;
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private byte[] proof(String side, Caller caller, byte[] nonce) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update(side.getBytes(US_ASCII));
            mac.update(ByteBuffer.allocate(8)
                    .putInt(caller.rank())
                    .putInt(caller.channel())
                    .array());
            return mac.doFinal(nonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(byte[] given, byte[] expected) throws IOException {
        if (!MessageDigest.isEqual(given, expected))
            throw new IOException("the secret of this run is missing or wrong");
    }
}
