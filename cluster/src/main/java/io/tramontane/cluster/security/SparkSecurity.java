package io.tramontane.cluster.security;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the Spark that we start, and says where somebody else's is open. Spark passes the secret to executors in their environment
 * ({@code _SPARK_AUTH_SECRET}), which only their owner can read, and keeps it out of command lines and logs.
 */
public final class SparkSecurity {
    private static final Logger LOG = LoggerFactory.getLogger(SparkSecurity.class);
    private static final String AUTHENTICATE = "spark.authenticate";
    private static final String SECRET = "spark.authenticate.secret";
    private static final String ENCRYPT = "spark.network.crypto.enabled";
    private static final String THIS_MACHINE = "127.0.0.1";
    private static final int SECRET_BYTES = 32;
    private static final String COOKIE = "sparkCookie"; // SecurityManager.SECRET_LOOKUP_KEY

    private SparkSecurity() {}

    /**
     * Settings of a Spark whose processes are all ours and on this machine: every connection needs a secret that is made here and now,
     * and is encrypted; nobody outside of the machine reaches a port; pages are closed. What the user has set stays, except for the
     * secret.
     */
    public static void close(SparkConf spark) {
        spark.setIfMissing(AUTHENTICATE, "true");
        spark.set(SECRET, random());
        use(spark.get(SECRET));
        spark.setIfMissing(ENCRYPT, "true");
        spark.setIfMissing("spark.network.crypto.cipher", "AES/GCM/NoPadding"); // Spark's default detects no change
        spark.setIfMissing("spark.network.crypto.authEngineVersion", "2");
        spark.setIfMissing("spark.network.crypto.saslFallback", "false");
        spark.setIfMissing("spark.driver.host", THIS_MACHINE);
        spark.setIfMissing("spark.driver.bindAddress", THIS_MACHINE);
        spark.setIfMissing("spark.ui.killEnabled", "false");
        spark.setIfMissing("spark.master.rest.enabled", "false");
        spark.setIfMissing("spark.master.ui.decommission.allow.mode", "DENY");
        PageFilter.passTo(spark, random());
        if (System.getenv("SPARK_LOCAL_IP") == null) Utils.setCustomHostname(THIS_MACHINE); // of master and workers
        closeWorkFolder(spark);
    }

    /**
     * This secret is the one of its settings. If a local Spark ran in this process before, Spark keeps that one's secret among Hadoop's
     * credentials, and prefers it.
     */
    public static void use(String secret) {
        try {
            UserGroupInformation user = UserGroupInformation.getCurrentUser();
            Credentials credentials = user.getCredentials(); // a copy
            if (credentials.getSecretKey(new Text(COOKIE)) == null) return;
            credentials.addSecretKey(new Text(COOKIE), secret.getBytes(StandardCharsets.UTF_8));
            user.addCredentials(credentials);
        } catch (IOException e) {
            throw new UncheckedIOException("the current user is not known", e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The workers of a local cluster keep the logs of executors there, which others may read otherwise. */
    private static void closeWorkFolder(SparkConf spark) {
        if (!spark.get("spark.master", "").startsWith("local-cluster")) return;
        Path folder = Path.of(System.getenv().getOrDefault("SPARK_HOME", "."), "work");
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("{}: others may be able to read the logs of executors", folder, e);
        }
    }

    /** One line about what is open; empty where connections are authenticated and encrypted. */
    public static Optional<String> warning(SparkConf spark) {
        String master = "warning: master " + spark.get("spark.master", "") + ": ";
        if (!spark.getBoolean(AUTHENTICATE, false))
            return Optional.of(master + AUTHENTICATE
                    + " is not set: whoever reaches the ports of this Spark can read what it sends,"
                    + " the run's secret too, and run programs as you (docs/security.md)");
        boolean encrypted = spark.getBoolean(ENCRYPT, false) || spark.getBoolean("spark.ssl.rpc.enabled", false);
        return encrypted
                ? Optional.empty()
                : Optional.of(master + ENCRYPT
                        + " is not set: whoever sees the network of this Spark can read what it sends, the"
                        + " run's secret too (docs/security.md)");
    }

    /** Refuses a Spark that is open. */
    public static void require(SparkConf spark) {
        if (!spark.getBoolean(AUTHENTICATE, false))
            throw new BadInputException("cluster.requireAuthentication: master " + spark.get("spark.master", "")
                    + " has no " + AUTHENTICATE + ", allowed is true (docs/security.md says how)");
    }

    /** Refuses a standalone cluster with authentication but without the secret of its master and workers. */
    public static void checkSecret(SparkConf spark) {
        if (spark.getBoolean(AUTHENTICATE, false) && !spark.contains(SECRET))
            throw new BadInputException(
                    "master " + spark.get("spark.master", "") + ": " + AUTHENTICATE + " without " + SECRET
                            + ": put the secret of its master and workers into SPARK_CONF_DIR/spark-defaults.conf (docs/security.md)");
    }

    /**
     * Takes settings from {@code spark-defaults.conf} of SPARK_CONF_DIR, as Spark's master, workers and spark-submit do: a secret
     * stands there and not on a command line, which everybody on the machine can read. What was set otherwise comes first.
     */
    public static void readDefaults() {
        String folder = System.getenv("SPARK_CONF_DIR");
        if (folder != null) readDefaults(Path.of(folder, "spark-defaults.conf"));
    }

    static void readDefaults(Path file) {
        if (!Files.exists(file)) return;
        SparkConf settings = new SparkConf(false);
        try {
            Set<PosixFilePermission> others = new HashSet<>(Files.getPosixFilePermissions(file));
            others.removeIf(permission -> permission.name().startsWith("OWNER"));
            boolean secret = Files.readAllLines(file).stream()
                    .anyMatch(line -> line.strip().startsWith(SECRET));
            if (secret && !others.isEmpty())
                throw new BadInputException(
                        file + ": holds " + SECRET + " and is open to others, allowed is mode 600 (chmod 600)");
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
        Utils.loadDefaultSparkProperties(settings, file.toString());
    }
}
