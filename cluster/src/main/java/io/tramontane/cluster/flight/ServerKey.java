package io.tramontane.cluster.flight;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * The TLS key of one Flight server and a certificate that the key signs itself. Made in memory when the server starts; the private
 * key never leaves the process. Clients trust exactly this certificate, which they get beside the address, so it needs no
 * authority and its name means nothing.
 *
 * <p>Java has no public API that makes certificates. This is the smallest one that RFC 5280 allows, written as DER: BouncyCastle
 * would do it in as many lines, with nine megabytes of jars that clash with those of Spark on Kubernetes.
 */
final class ServerKey {
    /** The name in every certificate. */
    static final String NAME = "tramontane";

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8 = 0x0c;
    private static final int TIME = 0x18; // GeneralizedTime
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final byte[] ECDSA_WITH_SHA256 = {0x06, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x06, 3, 0x55, 4, 3};
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = {0x06, 3, 0x55, 0x1d, 0x11};

    private final KeyPair keys;
    private final byte[] certificate;

    private ServerKey(KeyPair keys, byte[] certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A new key on the curve P-256. */
    static ServerKey create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] told = told(keys);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(told);
            return new ServerKey(keys, der(SEQUENCE, told, algorithm(), bits(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is signed: version 3, valid from 2020 on and without an end (RFC 5280, 4.1.2.5): clocks of machines may differ. */
    private static byte[] told(KeyPair keys) {
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, text(NAME)))));
        byte[] names = der(SEQUENCE, der(DNS_NAME, text(NAME)));
        byte[] extension = der(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, der(OCTET_STRING, names));
        byte[] serial = new BigInteger(120, new SecureRandom()).setBit(120).toByteArray();
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, serial),
                algorithm(),
                name,
                der(SEQUENCE, der(TIME, text("20200101000000Z")), der(TIME, text("99991231235959Z"))),
                name,
                keys.getPublic().getEncoded(),
                der(EXTENSIONS, der(SEQUENCE, extension)));
    }

    private static byte[] algorithm() {
        return der(SEQUENCE, ECDSA_WITH_SHA256);
    }

    private static byte[] bits(byte[] bytes) {
        return der(BIT_STRING, new byte[] {0}, bytes);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Tag, length, content. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) content.writeBytes(part);
        int length = content.size();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (length >= 0x100) all.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        else if (length >= 0x80) all.write(0x81);
        all.write(length);
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    /** For an {@link Address}. */
    String certificate() {
        return Base64.getEncoder().encodeToString(certificate);
    }

    /** The certificate as a server reads it. */
    InputStream certificatePem() {
        return pem(certificate());
    }

    /** The private key as a server reads it. */
    InputStream privatePem() {
        return pem(
                "PRIVATE KEY",
                Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()));
    }

    /** A certificate of an address as a client reads it. */
    static InputStream pem(String certificate) {
        return pem("CERTIFICATE", certificate);
    }

    private static InputStream pem(String what, String base64) {
        String text = "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
