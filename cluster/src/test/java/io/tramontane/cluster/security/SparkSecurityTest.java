package io.tramontane.cluster.security;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.serializer.JavaSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;
import scala.Option;
import scala.reflect.ClassTag$;

class SparkSecurityTest {
    private static SparkConf on(String master) {
        return new SparkConf(false).setMaster(master);
    }

    private static SparkConf closed() {
        SparkConf spark = on("local[*]");
        SparkSecurity.close(spark);
        return spark;
    }

    @Test
    void aSparkThatWeStartHasASecretOfItsOwn() {
        SparkConf spark = closed();
        assertEquals(64, spark.get("spark.authenticate.secret").length()); // 256 bits
        assertNotEquals(spark.get("spark.authenticate.secret"), closed().get("spark.authenticate.secret"));
        assertEquals("127.0.0.1", spark.get("spark.driver.bindAddress"));
        assertEquals("DENY", spark.get("spark.master.ui.decommission.allow.mode"));
        assertEquals(Optional.empty(), SparkSecurity.warning(spark));
        assertDoesNotThrow(() -> SparkSecurity.require(spark));
    }

    @Test
    void whatIsOpenIsTold() {
        assertEquals(
                "warning: master spark://h:7077: spark.authenticate is not set: whoever reaches the ports of this Spark can read what"
                        + " it sends, the run's secret too, and run programs as you (docs/security.md)",
                SparkSecurity.warning(on("spark://h:7077")).orElseThrow());
        SparkConf readable = on("yarn").set("spark.authenticate", "true");
        assertTrue(
                SparkSecurity.warning(readable).orElseThrow().startsWith("warning: master yarn: spark.network.crypto"));
        assertEquals(Optional.empty(), SparkSecurity.warning(readable.clone().set("spark.ssl.rpc.enabled", "true")));
        assertEquals(Optional.empty(), SparkSecurity.warning(readable.set("spark.network.crypto.enabled", "true")));
    }

    @Test
    void anOpenSparkIsRefusedWhereThatIsAsked() {
        assertEquals(
                "cluster.requireAuthentication: master spark://h:7077 has no spark.authenticate, allowed is true"
                        + " (docs/security.md says how)",
                assertThrows(BadInputException.class, () -> SparkSecurity.require(on("spark://h:7077")))
                        .getMessage());
    }

    @Test
    void aStandaloneClusterNeedsItsSecret() {
        SparkConf spark = on("spark://h:7077");
        assertDoesNotThrow(() -> SparkSecurity.checkSecret(spark));
        assertTrue(assertThrows(
                        BadInputException.class,
                        () -> SparkSecurity.checkSecret(spark.set("spark.authenticate", "true")))
                .getMessage()
                .startsWith("master spark://h:7077: spark.authenticate without spark.authenticate.secret"));
    }

    @Test
    void aSecretInAFileIsTakenOnlyIfNobodyElseCanReadIt(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("spark-defaults.conf"),
                "spark.authenticate true\nspark.authenticate.secret  s3cret\nspark.tramontane.given file\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        System.setProperty("spark.tramontane.given", "flag");
        try {
            assertEquals(
                    file + ": holds spark.authenticate.secret and is open to others, allowed is mode 600 (chmod 600)",
                    assertThrows(BadInputException.class, () -> SparkSecurity.readDefaults(file))
                            .getMessage());
            assertFalse(new SparkConf().contains("spark.authenticate.secret"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            SparkSecurity.readDefaults(file);
            assertEquals("s3cret", new SparkConf().get("spark.authenticate.secret"));
            assertEquals("flag", new SparkConf().get("spark.tramontane.given")); // comes first
        } finally {
            for (String name : List.of("spark.authenticate", "spark.authenticate.secret", "spark.tramontane.given"))
                System.clearProperty(name);
        }
        SparkSecurity.readDefaults(folder.resolve("none")); // nothing to take
    }

    @Test
    void executorsGetTheFilterUnlessTheyHaveOne() {
        SparkConf spark = on("local[*]").set("spark.executor.extraJavaOptions", "-Xint");
        SerialFilter.passTo(spark);
        String options = spark.get("spark.executor.extraJavaOptions");
        assertEquals("-Xint -Djdk.serialFilter=" + SerialFilter.PATTERN, options);
        SerialFilter.passTo(spark);
        assertEquals(options, spark.get("spark.executor.extraJavaOptions"));
    }

    @Test
    void onlyClassesOfTheListAreRead() throws Exception {
        for (Object allowed : List.of(
                "text",
                new int[3],
                List.of(1),
                new TreeMap<>(),
                new SparkListenerApplicationEnd(1, Option.empty()),
                Optional.class)) assertDoesNotThrow(() -> read(bytes(allowed)), allowed.toString());
        for (Object refused :
                List.of(NOPLogger.NOP_LOGGER, new URL("http://localhost/"), new Object[] {NOPLogger.NOP_LOGGER}))
            assertThrows(InvalidClassException.class, () -> read(bytes(refused)), refused.toString());
    }

    @Test
    void theDeepestMessageThatIsReadFitsIntoHalfOfAStack() throws Exception {
        byte[] allowed = bytes(nested(199));
        byte[] refused = bytes(nested(201));
        AtomicReference<Throwable> thrown = new AtomicReference<>(new IllegalStateException("not run"));
        Thread small = new Thread(null, () -> thrown.set(thrownBy(allowed)), "small stack", 512 << 10);
        small.start();
        small.join(60_000);
        assertNull(thrown.get());
        assertInstanceOf(InvalidClassException.class, thrownBy(refused));
    }

    private static Object nested(int levels) {
        List<Object> deep = new ArrayList<>();
        for (int level = 1; level < levels; level++) deep = new ArrayList<>(List.of(deep));
        return deep;
    }

    private static Throwable thrownBy(byte[] message) {
        try {
            read(message);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    @Test
    void sparksOwnSerializerKeepsToIt() throws Exception {
        assertEquals(
                SerialFilter.PATTERN,
                String.valueOf(ObjectInputFilter.Config.getSerialFilter()),
                "pom.xml: serial.filter");
        byte[] stranger = bytes(NOPLogger.NOP_LOGGER);
        assertThrows(InvalidClassException.class, () -> new JavaSerializer(new SparkConf(false))
                .newInstance()
                .deserialize(ByteBuffer.wrap(stranger), ClassTag$.MODULE$.apply(Object.class)));
    }

    private static byte[] bytes(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter(SerialFilter.PATTERN));
            return in.readObject();
        }
    }
}
