package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.security.SerialFilter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.ApplicationDescription;
import org.apache.spark.deploy.Command;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.DriverDescription;
import org.apache.spark.deploy.master.MasterMessages;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.rpc.netty.RpcEndpointVerifier;
import org.apache.spark.scheduler.cluster.CoarseGrainedClusterMessages;
import org.apache.spark.storage.BlockManagerMessages;
import org.apache.spark.storage.BroadcastBlockId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import stranger.Gadget;
import stranger.Visit;

/**
 * One run in a local cluster, and what another user of the machine tries: all that needs no secret, with Spark's own messages. Each
 * message is sent with the secret as well where that does no harm, so that a refusal is one of the secret and not of a mistake here.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClosedClusterTest {
    private static final String MASTER = "Master";
    private static final String WORKER = "Worker";
    private static final String SCHEDULER = "CoarseGrainedScheduler";
    private static final String BLOCKS = "BlockManagerMaster";
    private static final String SECRET = "_SPARK_AUTH_SECRET";
    private static final int NOBODY = 65534;

    @TempDir
    static Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, Integer> endpoints = new ConcurrentHashMap<>();
    private final List<Long> processes = new ArrayList<>();
    private RunProcess run;
    private SparkCaller stranger;
    private SparkCaller owner;
    private String secret;
    private String application;
    private Path visited;

    @BeforeAll
    void start() throws Exception {
        Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString("rwxr-xr-x")); // JUnit's would hide all from others
        visited = folder.resolve("visited");
        run = RunProcess.start(
                environment -> environment.put(
                        "SPARK_LOCAL_DIRS", folder.resolve("local").toString()),
                ChaosTest.DriverProcess.class,
                folder,
                "local-cluster[3,1,1024]",
                1_000_000,
                false);
        run.awaitStep(1);
        processes.add(run.process().pid());
        run.process().descendants().forEach(executor -> processes.add(executor.pid()));
        long executor = processes.get(1);
        secret = ProcessPorts.variable(executor, SECRET);
        application = ProcessPorts.commandLine(executor).replaceFirst("(?s).*--app-id (\\S+).*", "$1");
        stranger = new SparkCaller(Optional.empty());
        owner = new SparkCaller(Optional.of(secret));
        ports().parallelStream().forEach(this::findEndpoints);
    }

    private void findEndpoints(int port) {
        for (String name : List.of(MASTER, WORKER, SCHEDULER, BLOCKS)) {
            Optional<Object> there = owner.ask(port, "endpoint-verifier", new RpcEndpointVerifier.CheckExistence(name));
            if (there.isEmpty()) return; // not Spark's protocol: each question takes its whole deadline
            if (there.equals(Optional.of(true))) endpoints.put(name, port);
        }
    }

    @AfterAll
    void stop() {
        stranger.close();
        owner.close();
        run.close();
    }

    /** Where Spark's workers keep the logs of executors. */
    private static Path work() {
        return folder.resolve("home").resolve("work");
    }

    private List<Integer> ports() throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (long process : processes) for (ProcessPorts.Port port : ProcessPorts.of(process)) ports.add(port.number());
        return ports;
    }

    private static boolean exists(SparkCaller caller, int port, String endpoint) {
        return caller.ask(port, "endpoint-verifier", new RpcEndpointVerifier.CheckExistence(endpoint))
                .equals(Optional.of(true));
    }

    /** The answer that the owner gets; nobody else gets one. */
    private Object onlyForTheOwner(String endpoint, Object message) {
        assertEquals(Optional.empty(), stranger.ask(endpoints.get(endpoint), endpoint, message));
        return owner.ask(endpoints.get(endpoint), endpoint, message).orElseThrow();
    }

    private DeployMessages.MasterStateResponse master() {
        return (DeployMessages.MasterStateResponse) onlyForTheOwner(MASTER, DeployMessages.RequestMasterState$.MODULE$);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    private static Command visit(Path file) {
        return new Command(
                Visit.class.getName(),
                seq(List.of(file.toString())),
                Map$.MODULE$.empty(),
                seq(List.of(System.getProperty("java.class.path").split(":"))),
                seq(List.of()),
                seq(List.of()));
    }

    private static ApplicationDescription visitors(Path file) {
        return new ApplicationDescription(
                "visit",
                Option.empty(),
                visit(file),
                "",
                ResourceProfile$.MODULE$.getOrCreateDefaultProfile(new SparkConf(false)),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                "nobody");
    }

    @Test
    void nobodyElseFindsAnEndpoint() throws IOException {
        assertEquals(4, endpoints.size(), endpoints.toString()); // executors open none
        for (int port : ports())
            for (String name : endpoints.keySet()) assertFalse(exists(stranger, port, name), name + " at " + port);
    }

    @Test
    void anotherSecretIsNoSecret() {
        try (SparkCaller guessing = new SparkCaller(Optional.of("0".repeat(64)))) {
            for (Map.Entry<String, Integer> endpoint : endpoints.entrySet())
                assertFalse(exists(guessing, endpoint.getValue(), endpoint.getKey()), endpoint.getKey());
        }
    }

    @Test
    void portsAreForThisMachineOnly() throws IOException {
        for (long process : processes) {
            List<ProcessPorts.Port> ports = ProcessPorts.of(process);
            assertFalse(ports.isEmpty(), "process " + process + " listens nowhere");
            for (ProcessPorts.Port port : ports) assertTrue(port.local(), "port " + port.number());
        }
    }

    @Test
    void theSettingsWithTheSecretAreNotHandedOut() {
        Object answer = onlyForTheOwner(SCHEDULER, new CoarseGrainedClusterMessages.RetrieveSparkAppConfig(0));
        assertTrue(answer.toString().contains("SparkAppConfig"), answer.toString());
    }

    @Test
    void theBroadcastWithTheFlightSecretIsNotHandedOut() throws IOException {
        onlyForTheOwner(BLOCKS, new BlockManagerMessages.GetLocations(new BroadcastBlockId(0, "piece0")));
        int opened = 0;
        for (int port : ports())
            for (int broadcast = 0; broadcast < 4; broadcast++) {
                String block = "broadcast_" + broadcast + "_piece0";
                assertFalse(stranger.opensBlock(port, application, block), block + " at " + port);
                if (owner.opensBlock(port, application, block)) opened++;
            }
        assertTrue(opened > 0, "the owner got no block either");
    }

    @Test
    void nobodyElseSubmitsAProgramToTheMaster() {
        stranger.say(
                endpoints.get(MASTER),
                MASTER,
                new DeployMessages.RegisterApplication(
                        visitors(visited), stranger.endpoint(endpoints.get(MASTER), "visitor")));
        DriverDescription driver =
                new DriverDescription("file:" + visited, 1, 1, false, visit(visited), seq(List.of()));
        assertEquals(
                Optional.empty(),
                stranger.ask(endpoints.get(MASTER), MASTER, new DeployMessages.RequestSubmitDriver(driver)));
        assertEquals(1, master().activeApps().length);
        assertEquals(0, master().activeDrivers().length + master().completedDrivers().length);
    }

    @Test
    void nobodyElseStartsAClassThroughAWorker() throws Exception {
        stranger.say(endpoints.get(WORKER), WORKER, launch(90, visited));
        Path allowed = folder.resolve("allowed");
        owner.say(endpoints.get(WORKER), WORKER, launch(91, allowed));
        awaitFile(allowed); // the later message has started the class
        assertFalse(Files.exists(visited));
        assertTrue(Files.exists(work().resolve(application).resolve("91")));
        assertFalse(Files.exists(work().resolve(application).resolve("90")));
    }

    private DeployMessages.LaunchExecutor launch(int executor, Path file) {
        String url = "spark://127.0.0.1:" + endpoints.get(MASTER);
        return new DeployMessages.LaunchExecutor(
                url, application, executor, 0, visitors(file), 1, 128, Map$.MODULE$.empty());
    }

    private static void awaitFile(Path file) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            file.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(file)) {
                assertTrue(System.nanoTime() < end, file + " did not appear");
                WatchKey key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) key.reset();
            }
        }
    }

    @Test
    void nobodyElseRegistersAsAnExecutor() {
        assertEquals(
                Optional.empty(),
                stranger.ask(
                        endpoints.get(SCHEDULER),
                        SCHEDULER,
                        new CoarseGrainedClusterMessages.RegisterExecutor(
                                "77",
                                stranger.endpoint(endpoints.get(SCHEDULER), "visitor"),
                                "127.0.0.1",
                                8,
                                Map$.MODULE$.empty(),
                                Map$.MODULE$.empty(),
                                Map$.MODULE$.empty(),
                                0)));
    }

    @Test
    void nobodyElseStopsTheRunThroughItsPorts() {
        stranger.say(endpoints.get(MASTER), MASTER, new DeployMessages.UnregisterApplication(application));
        stranger.say(endpoints.get(MASTER), MASTER, MasterMessages.ElectedLeader$.MODULE$);
        assertEquals(
                Optional.empty(),
                stranger.ask(
                        endpoints.get(MASTER),
                        MASTER,
                        new DeployMessages.KillExecutors(application, seq(List.of("0", "1", "2")))));
        stranger.say(
                endpoints.get(SCHEDULER), SCHEDULER, new CoarseGrainedClusterMessages.KillExecutorsOnHost("127.0.0.1"));
        assertEquals(
                Optional.empty(),
                stranger.ask(endpoints.get(SCHEDULER), SCHEDULER, CoarseGrainedClusterMessages.StopDriver$.MODULE$));
        assertEquals(1, master().activeApps().length);
    }

    @Test
    void pagesShowNothingAndKillNothing() throws Exception {
        int pages = 0;
        for (int port : ports()) {
            if (get(port, "/") < 0) continue; // no page
            pages++;
            for (String path : List.of(
                    "/",
                    "/json/",
                    "/environment/",
                    "/metrics/master/json/",
                    "/app/?appId=" + application,
                    "/logPage/?appId=" + application + "&executorId=0&logType=stderr"))
                assertEquals(403, get(port, path), path + " at " + port);
            for (String path : List.of(
                    "/app/kill/?id=" + application + "&terminate=true",
                    "/workers/kill/?host=127.0.0.1",
                    "/v1/submissions/create",
                    "/v1/submissions/kill/" + application)) {
                int answer =
                        status(port, path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("{}")));
                assertTrue(answer == 403 || answer == 404, path + " at " + port + ": " + answer);
            }
        }
        assertEquals(4, pages); // the master's and three workers'
        assertEquals(1, master().activeApps().length);
    }

    private int get(int port, String path) throws InterruptedException {
        return status(port, path, HttpRequest.newBuilder());
    }

    /** -1 where no HTTP is spoken. */
    private int status(int port, String path, HttpRequest.Builder request) throws InterruptedException {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            return http.send(
                            request.uri(uri).timeout(Duration.ofSeconds(5)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void flightAnswersNobodyWithoutItsSecret() throws Exception {
        int servers = 0;
        for (int port : ports()) if (refusedByFlight(port)) servers++;
        assertTrue(servers >= 2, servers + " Flight servers"); // the driver's and the trainer's
    }

    /** Takes any certificate and guesses the secret. */
    private static boolean refusedByFlight(int port) throws Exception {
        FlightCallHeaders guess = new FlightCallHeaders();
        guess.insert("tramontane-secret", "0".repeat(64));
        try (BufferAllocator allocator = new RootAllocator();
                FlightClient client = FlightClient.builder(allocator, Location.forGrpcTls("127.0.0.1", port))
                        .useTls()
                        .verifyServer(false)
                        .build()) {
            client.doAction(
                            new Action("lease", "{\"name\":\"lease\",\"request\":{}}".getBytes(StandardCharsets.UTF_8)),
                            new HeaderCallOption(guess),
                            CallOptions.timeout(5, TimeUnit.SECONDS))
                    .next();
            throw new AssertionError("port " + port + " answered");
        } catch (FlightRuntimeException e) {
            return e.status().code() == FlightStatusCode.UNAUTHENTICATED;
        }
    }

    @Test
    void aClassThatIsNotOnTheListIsNotReadEvenFromTheOwner() throws IOException {
        assertEquals(SerialFilter.PATTERN, System.getProperty("jdk.serialFilter"), "pom.xml: serial.filter");
        for (String endpoint : endpoints.keySet())
            for (SparkCaller caller : List.of(stranger, owner))
                assertEquals(Optional.empty(), caller.ask(endpoints.get(endpoint), endpoint, new Gadget(visited)));
        assertFalse(Files.exists(visited), "a process read it");
        for (long process : processes)
            assertTrue(ProcessPorts.commandLine(process).contains("-Djdk.serialFilter=" + SerialFilter.PATTERN));
    }

    @Test
    void theSecretStandsOnNoCommandLineAndInNoFileThatOthersRead() throws Exception {
        assertEquals(64, secret.length());
        for (long process : processes) {
            assertFalse(ProcessPorts.commandLine(process).contains(secret));
            Path environment = Path.of("/proc/" + process + "/environ");
            assertEquals("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(environment)));
        }
        for (Path file : openToOthers(folder)) assertFalse(text(file).contains(secret), file.toString());
    }

    /** Empty for a file that was removed meanwhile. */
    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException gone) {
            return "";
        }
    }

    @Test
    void logsOfExecutorsAndSparksFoldersAreForTheOwner() throws IOException {
        List<Path> open = openToOthers(folder);
        assertTrue(open.stream().noneMatch(file -> file.startsWith(work())), open.toString());
        assertTrue(open.stream().noneMatch(file -> file.startsWith(folder.resolve("local"))), open.toString());
        assertTrue(Files.isDirectory(work().resolve(application)));
        assertTrue(Files.isDirectory(folder.resolve("local")));
    }

    /** Files that every user of the machine can read. */
    private static List<Path> openToOthers(Path top) throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> parts = Files.list(top)) {
            for (Path part : parts.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(part));
                if (Files.isDirectory(part) && mode.endsWith("x")) open.addAll(openToOthers(part));
                else if (Files.isRegularFile(part) && mode.charAt(6) == 'r') open.add(part);
            }
        }
        return open;
    }

    @Test
    void anotherAccountReadsNoEnvironment() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can be somebody else");
        for (long process : processes) {
            Process cat = new ProcessBuilder(
                            "setpriv", "--reuid=" + NOBODY, "--clear-groups", "cat", "/proc/" + process + "/environ")
                    .start();
            assertEquals("", new String(cat.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
            assertTrue(cat.waitFor(10, TimeUnit.SECONDS) && cat.exitValue() != 0);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theRunWentOnAndEndsWell() throws Exception {
        run.awaitStep(History.read(RunProcess.events(folder)).lastStep() + 2);
        List<Long> now = run.process().descendants().map(ProcessHandle::pid).toList();
        assertTrue(now.containsAll(processes.subList(1, 4)), "executors " + processes + " became " + now);
        run.process().destroy();
        run.awaitEnd(60);
        Audit audit = Audit.of(RunProcess.events(folder));
        assertTrue(audit.exact(), audit.toString());
        assertFalse(Files.exists(visited));
    }
}
