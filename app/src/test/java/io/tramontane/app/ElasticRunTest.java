package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone master whose workers come and go, each with room for one task. */
@Tag("cluster")
@Tag("heavy")
class ElasticRunTest {
    private static final String DEPLOY = "org.apache.spark.deploy.";
    private static final int PATIENCE_STEPS = 1_000;

    @TempDir
    Path folder;

    private final List<Process> servers = new ArrayList<>();

    /** The driver's process; {@code args} are the scratch folder and the master. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            Config config = ConfigReader.read(
                    TinyRun.config(1_000_000, 3, 50), Optional.empty(), List.of("cluster.generators=1..3"));
            int code = 1;
            try {
                TrainRun.Setup setup = new TinyRun().setup(config, scratch);
                TrainRun.Setup told =
                        new TrainRun.Setup(setup.roles(), setup.policy(), new HangTest.PrintingListener());
                code = TrainRun.run(config, new RunFolder(scratch.resolve("run")), false, args[1], told);
            } catch (Throwable e) {
                e.printStackTrace();
            }
            System.exit(code);
        }
    }

    private Process server(String name, String type, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DEPLOY + type));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put(
                        "SPARK_HOME",
                        Files.createDirectories(folder.resolve("home")).toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.redirectOutput(folder.resolve(name + ".log").toFile());
        Process process = builder.start();
        servers.add(process);
        return process;
    }

    private Process worker(int number, String master) throws IOException {
        return server(
                "worker-" + number,
                "worker.Worker",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                folder.resolve("work-" + number).toString(),
                master);
    }

    @AfterEach
    void end() {
        servers.forEach(server -> server.descendants().forEach(ProcessHandle::destroyForcibly));
        servers.forEach(Process::destroyForcibly);
    }

    private int step() {
        return History.read(RunProcess.events(folder)).lastStep();
    }

    private void await(RunProcess driver, String text) throws IOException, InterruptedException {
        while (!driver.log().contains(text)) driver.awaitStep(step() + 1);
    }

    private boolean bothHaveLeased() throws IOException {
        String events = Files.readString(RunProcess.events(folder).local());
        return events.contains("generator-1#") && events.contains("generator-2#");
    }

    @Test
    void generatorsJoinAndLeaveWithTheirWorkersAndNoGroupIsLost() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String master = "spark://127.0.0.1:" + port;
        server("master", "master.Master", "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0");
        for (int i = 0; i < 3; i++) worker(i, master);
        try (RunProcess driver = RunProcess.start(DriverProcess.class, folder, master)) {
            driver.awaitStep(2);
            Process fourth = worker(3, master);
            await(driver, "generator-1 joins");
            Process fifth = worker(4, master);
            await(driver, "generator-2 joins");
            for (int more = 0; more < PATIENCE_STEPS && !bothHaveLeased(); more++) driver.awaitStep(step() + 1);
            assertTrue(bothHaveLeased(), driver.log());
            for (Process gone : List.of(fourth, fifth)) {
                gone.descendants().forEach(ProcessHandle::destroyForcibly);
                gone.destroyForcibly();
            }
            await(driver, "generator-1 leaves");
            await(driver, "generator-2 leaves");
            driver.awaitStep(step() + 5);
            driver.process().destroy(); // as Ctrl-C
            driver.awaitEnd(120);
        }
        Audit audit = Audit.of(RunProcess.events(folder));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(step() * 2L, audit.trained());
    }
}
