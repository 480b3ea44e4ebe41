package io.tramontane.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A real S3 server in a JVM of its own (s3proxy keeps the objects in memory), with one bucket. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "tests";
    private static final String KEY = "tester";
    private static final String SECRET = "not-a-secret";

    private final Process process;
    private final int port;
    private final S3Client client;

    private S3Server(Process process, int port) {
        this.process = process;
        this.port = port;
        this.client = S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .build();
    }

    /** Starts it; skips the test where mvn verify has not fetched the server. */
    public static S3Server start(Path folder) throws IOException, InterruptedException {
        Path jars = Path.of(System.getProperty("tramontane.root"), "cluster", "s3server", "target", "jars");
        Assumptions.assumeTrue(Files.isDirectory(jars), "no S3 server in " + jars + " (mvn verify fetches it)");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path properties = Files.writeString(
                folder.resolve("s3proxy.properties"),
                String.join(
                        "\n",
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + KEY,
                        "s3proxy.credential=" + SECRET,
                        "jclouds.provider=transient-nio2",
                        "jclouds.identity=any",
                        "jclouds.credential=any"));
        Files.writeString(
                folder.resolve("logback.xml"),
                "<configuration><appender name=\"A\" class=\"ch.qos.logback.core.ConsoleAppender\"><encoder>"
                        + "<pattern>%msg%n</pattern></encoder></appender>"
                        + "<root level=\"WARN\"><appender-ref ref=\"A\"/></root></configuration>");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        folder + ":" + jars + "/*",
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.log").toFile())
                .start();
        waitForPort(process, port, folder.resolve("s3proxy.log"));
        S3Server server = new S3Server(process, port);
        server.client.createBucket(request -> request.bucket(BUCKET));
        return server;
    }

    private static void waitForPort(Process process, int port, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < deadline) {
            try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) break;
            }
        }
        process.destroyForcibly();
        throw new IOException("the S3 server does not answer: " + Files.readString(log));
    }

    /** What a user gives on the command line by -D. */
    public Map<String, String> settings() {
        return Map.of(
                "spark.hadoop.fs.s3a.endpoint", endpoint(),
                "spark.hadoop.fs.s3a.endpoint.region", "us-east-1",
                "spark.hadoop.fs.s3a.path.style.access", "true",
                "spark.hadoop.fs.s3a.connection.ssl.enabled", "false",
                "spark.hadoop.fs.s3a.access.key", KEY,
                "spark.hadoop.fs.s3a.secret.key", SECRET,
                "spark.hadoop.fs.s3a.attempts.maximum", "2",
                "spark.hadoop.fs.s3a.retry.limit", "2",
                "spark.hadoop.fs.s3a.retry.interval", "100ms");
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    public void put(String key, String text) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(text));
    }

    public byte[] get(String key) throws IOException {
        try (ResponseInputStream<?> object =
                client.getObject(request -> request.bucket(BUCKET).key(key))) {
            return object.readAllBytes();
        }
    }

    /** All keys, those of folders too. */
    public List<String> keys() {
        return client.listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** Uploads that were begun and neither finished nor aborted. */
    public int openUploads() {
        return client.listMultipartUploads(request -> request.bucket(BUCKET))
                .uploads()
                .size();
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            FileSystem.closeAll(); // Hadoop keeps one by bucket, whatever its endpoint
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
