package io.tramontane.model;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.tramontane.data.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of weights. OpenSSL's is used where the machine has it: Java's own makes 0.1 GB/s in a process without the optimizing
 * compiler, as roles have it, OpenSSL's 1.5 GB/s on a processor with instructions for it.
 */
final class WeightDigest {
    private static final Logger LOG = LoggerFactory.getLogger(WeightDigest.class);
    private static final List<String> LIBRARIES = List.of("libcrypto.so.3", "libcrypto.so.1.1");
    private static final int BYTES = 32;
    private static final OpenSsl OPENSSL = load();

    private final MessageDigest java; // null where OpenSSL computes
    private final Pointer context;

    /** Names and types are OpenSSL's. */
    interface OpenSsl extends Library {
        Pointer EVP_MD_CTX_new();

        void EVP_MD_CTX_free(Pointer context);

        Pointer EVP_sha256();

        int EVP_DigestInit_ex(Pointer context, Pointer type, Pointer engine);

        int EVP_DigestUpdate(Pointer context, Pointer data, NativeLong count);

        int EVP_DigestFinal_ex(Pointer context, byte[] digest, IntByReference length);
    }

    private static OpenSsl load() {
        for (String name : LIBRARIES)
            try {
                return Native.load(name, OpenSsl.class);
            } catch (UnsatisfiedLinkError e) {
                LOG.debug("no {}", name, e);
            }
        return null;
    }

    private WeightDigest(MessageDigest java, Pointer context) {
        this.java = java;
        this.context = context;
    }

    /** A new one, to be ended by {@link #hex}. */
    static WeightDigest begin() {
        return OPENSSL == null ? ofJava() : ofOpenSsl();
    }

    static WeightDigest ofJava() {
        return new WeightDigest(Sha256.digest(), null);
    }

    private static WeightDigest ofOpenSsl() {
        Pointer context = OPENSSL.EVP_MD_CTX_new();
        check(OPENSSL.EVP_DigestInit_ex(context, OPENSSL.EVP_sha256(), null));
        return new WeightDigest(null, context);
    }

    private static void check(int code) {
        if (code != 1) throw new IllegalStateException("OpenSSL's SHA-256 says " + code);
    }

    /** Adds all remaining bytes. */
    void update(ByteBuffer bytes) {
        if (java != null) {
            java.update(bytes);
            return;
        }
        ByteBuffer direct = bytes.isDirect()
                ? bytes.slice()
                : ByteBuffer.allocateDirect(bytes.remaining())
                        .put(bytes.duplicate())
                        .flip();
        check(OPENSSL.EVP_DigestUpdate(
                context, Native.getDirectBufferPointer(direct), new NativeLong(direct.remaining())));
        bytes.position(bytes.limit());
    }

    /** In hexadecimal; nothing can be added any more. */
    String hex() {
        if (java != null) return Sha256.of(java);
        byte[] digest = new byte[BYTES];
        check(OPENSSL.EVP_DigestFinal_ex(context, digest, new IntByReference()));
        OPENSSL.EVP_MD_CTX_free(context);
        return HexFormat.of().formatHex(digest);
    }
}
