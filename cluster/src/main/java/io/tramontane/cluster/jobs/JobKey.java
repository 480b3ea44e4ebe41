package io.tramontane.cluster.jobs;

import io.tramontane.data.Sha256;
import io.tramontane.rewards.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A digest of everything that finished parts depend on: the inputs' bytes, the settings, and the verifiers' own code. */
public final class JobKey {
    private static final int DIGITS = 16;

    private JobKey() {}

    /** The same for the same facts in the same order. */
    public static String of(Object... facts) {
        MessageDigest digest = Sha256.digest();
        for (Object fact : facts) digest.update((fact + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(verifiers());
        return Sha256.of(digest).substring(0, DIGITS);
    }

    /** The jar that the verifiers come from; classes in a folder, as in tests, count as one version. */
    private static byte[] verifiers() {
        CodeSource source = Verifiers.class.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            if (jar == null || !Files.isRegularFile(jar)) return new byte[0];
            try (InputStream in = Files.newInputStream(jar)) {
                return HexFormat.of().parseHex(Sha256.of(in));
            }
        } catch (IOException | URISyntaxException e) {
            return new byte[0];
        }
    }
}
