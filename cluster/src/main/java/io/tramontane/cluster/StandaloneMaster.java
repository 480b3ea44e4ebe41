package io.tramontane.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.MasterMessages;
import org.apache.spark.internal.config.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.reflect.ClassTag$;

/**
 * Checks a standalone cluster before a run is submitted: Spark takes a minute to find out that nobody answers, and never says
 * that there are too few cores. The master names its page, and the page lists the workers.
 */
final class StandaloneMaster {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneMaster.class);
    private static final int CONNECT_MILLIS = 4_000;
    private static final String CALL_SECONDS = "6s";
    private static final Duration WORKERS_WITHIN = Duration.ofSeconds(8);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final String url;
    private final String host;
    private final int port;

    private StandaloneMaster(String url, String address) {
        this.url = url;
        this.host = address.substring(0, address.lastIndexOf(':'));
        this.port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /**
     * What the workers have that are registered; those of a cluster that has just been started get some seconds. Unlimited
     * where the master does not say.
     *
     * @param need what is to run there
     */
    static ExecutorCapacity capacity(String url, SparkConf spark, Master.Need need) {
        URI page = page(url, spark);
        if (page == null) return unlimited(spark);
        long end = System.nanoTime() + WORKERS_WITHIN.toNanos();
        ExecutorCapacity capacity;
        do {
            Optional<List<Master.Worker>> workers = workers(page);
            if (workers.isEmpty()) return unlimited(spark);
            capacity = new ExecutorCapacity(spark, workers.get());
            if (capacity.fits(need)) return capacity;
            LockSupport.parkNanos(POLL_NANOS);
        } while (System.nanoTime() < end && !Thread.currentThread().isInterrupted());
        return capacity;
    }

    private static ExecutorCapacity unlimited(SparkConf spark) {
        return new ExecutorCapacity(
                spark, List.of(new Master.Worker(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)));
    }

    /** Of the first of several masters that answers; null when it has none. */
    private static URI page(String url, SparkConf spark) {
        List<String> errors = new ArrayList<>();
        for (String address : url.substring("spark://".length()).split(",")) {
            StandaloneMaster master = new StandaloneMaster(url, address);
            try {
                master.connect();
                return master.ask(spark);
            } catch (BadInputException e) {
                errors.add(e.getMessage());
            }
        }
        throw new BadInputException("master " + url + ": " + String.join("; ", errors));
    }

    private void connect() {
        if (port < 1 || port > 65_535) throw new BadInputException("port " + port + ", allowed 1 to 65535");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), CONNECT_MILLIS);
        } catch (UnknownHostException e) {
            throw new BadInputException("no host " + host);
        } catch (IOException e) {
            throw new BadInputException("cannot be reached (" + host + ":" + port + ": " + e.getMessage()
                    + "), is Spark's master running there?");
        }
    }

    private URI ask(SparkConf spark) {
        SparkConf shortTimeouts = spark.clone()
                .set("spark.rpc.askTimeout", CALL_SECONDS)
                .set("spark.rpc.lookupTimeout", CALL_SECONDS)
                .set("spark.rpc.io.connectionTimeout", CALL_SECONDS)
                .set("spark.rpc.io.maxRetries", "0");
        SecurityManager security =
                new SecurityManager(shortTimeouts, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
        security.initializeAuth();
        RpcEnv rpc = RpcEnv.create(
                "check", InetAddress.getLoopbackAddress().getHostAddress(), 0, shortTimeouts, security, true);
        try {
            MasterMessages.BoundPortsResponse ports = rpc.setupEndpointRef(new RpcAddress(host, port), "Master")
                    .askSync(
                            MasterMessages.BoundPortsRequest$.MODULE$,
                            ClassTag$.MODULE$.apply(MasterMessages.BoundPortsResponse.class));
            return ports.webUIPort() < 1 ? null : URI.create("http://" + host + ":" + ports.webUIPort() + "/json/");
        } catch (Exception e) { // Scala throws checked exceptions that Java does not see
            LOG.warn("{} did not answer", url, e);
            throw new BadInputException("what listens on " + host + ":" + port
                    + " does not answer as a master of Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION()
                    + " does (its page has another port, the usual one of the master is 7077; one with spark.authenticate needs its"
                    + " secret: docs/security.md)");
        } finally {
            rpc.shutdown();
        }
    }

    /** Alive and registered; empty when the page does not say. */
    private static Optional<List<Master.Worker>> workers(URI page) {
        try {
            HttpClient client = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
                    .build();
            HttpRequest request = HttpRequest.newBuilder(page)
                    .timeout(Duration.ofMillis(CONNECT_MILLIS))
                    .build();
            JsonNode state = JsonReading.mapper()
                    .readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
            if (!state.path("workers").isArray()) return Optional.empty();
            List<Master.Worker> workers = new ArrayList<>();
            for (JsonNode worker : state.path("workers"))
                if (worker.path("state").asText().equals("ALIVE"))
                    workers.add(new Master.Worker(
                            worker.path("cores").asInt(),
                            worker.path("memory").asInt(),
                            worker.at("/resources/gpu/addresses").size()));
            return Optional.of(workers);
        } catch (IOException e) {
            LOG.warn("{} does not say what the cluster has", page, e);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
