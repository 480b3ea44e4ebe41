package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.trainer.BatchTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which GPUs the tasks of a whole run get from a real Spark, in executors of their own. The GPUs are what our discovery script hears
 * from a made-up nvidia-smi; the roles note theirs and compute on the CPU.
 */
@Tag("cluster")
class GpuPlacementTest {
    private static final String MASTER = "local-cluster[1,8,4096]";
    private static final int TRAINERS = 2;

    @TempDir
    Path folder;

    /** The driver's process; {@code args} are the scratch folder, cluster.device, cluster.generators and the script. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            System.setProperty("spark.executor.cores", "2");
            System.setProperty("spark.executor.memory", "700m");
            System.setProperty("spark.worker.resource.gpu.amount", "4");
            System.setProperty("spark.worker.resource.gpu.discoveryScript", args[3]);
            if (args[1].equals("auto")) System.setProperty("spark.executor.resource.gpu.amount", "1");
            System.exit(
                    code(scratch, DeviceChoice.valueOf(args[1].toUpperCase(Locale.ROOT)), Integer.parseInt(args[2])));
        }

        private static int code(Path scratch, DeviceChoice device, int generators) {
            ClusterConfig cluster = new ClusterConfig(
                    Count.of(generators),
                    Count.of(1),
                    TRAINERS,
                    1,
                    2,
                    60,
                    300,
                    60,
                    1e-3,
                    32,
                    4096,
                    device,
                    false,
                    false);
            Config config = TinyRun.config(2, 0, 100, cluster);
            try {
                TrainRun.checkMaster(config, MASTER, RandomModel.SHAPE);
                TrainRun.Setup setup = new TinyRun().setup(config, scratch);
                return TrainRun.run(
                        config,
                        new RunFolder(scratch.resolve("run")),
                        false,
                        MASTER,
                        new TrainRun.Setup(
                                new NotingRoles(setup.roles(), scratch.toString(), null),
                                setup.policy(),
                                setup.listener()));
            } catch (BadInputException e) {
                System.out.println(e.getMessage());
                return 2;
            } catch (RuntimeException e) {
                e.printStackTrace();
                return 1;
            }
        }
    }

    /** Notes the device of each role's task, in files named ROLE-PROCESS.device. */
    private static final class NotingRoles extends ForwardingRoles {
        private final String scratch;
        private final ComputeDevice given;

        NotingRoles(RoleFactory roles, String scratch, ComputeDevice given) {
            super(roles);
            this.scratch = scratch;
            this.given = given;
        }

        @Override
        RoleFactory of(RoleFactory others) {
            return new NotingRoles(others, scratch, given);
        }

        private void note(String role) {
            try {
                String name = role + "-" + ProcessHandle.current().pid() + ".device";
                Files.writeString(Path.of(scratch, name), given.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public RoleFactory on(ComputeDevice device) {
            return new NotingRoles(roles.on(ComputeDevice.CPU), scratch, device);
        }

        @Override
        public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
            note("generator");
            return roles.generator(weights, tokenizer);
        }

        @Override
        public GroupVerifier verifier() {
            note("verifier");
            return roles.verifier();
        }

        @Override
        public BatchTrainer trainer(String checkpoint, Collectives ranks) {
            note("trainer");
            return roles.trainer(checkpoint, ranks);
        }
    }

    private RunProcess start(DeviceChoice device, int generators) throws IOException {
        Path smi = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\nprintf '0\\n1\\n2\\n3\\n'\n");
        Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwx------"));
        Consumer<Map<String, String>> fourGpus = environment -> {
            environment.remove(ComputeDevice.VARIABLE);
            environment.put("PATH", folder + ":" + environment.get("PATH"));
        };
        Path script = Path.of(System.getProperty("tramontane.root"), "bin", "find-gpus")
                .toAbsolutePath();
        return RunProcess.start(fourGpus, DriverProcess.class, folder, device, generators, script);
    }

    /** What tasks of a role noted, of each process. */
    private List<String> devices(String role) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> notes = files.filter(f -> f.getFileName().toString().matches(role + "-\\d+\\.device"))
                    .toList();
            return notes.stream().map(GpuPlacementTest::read).toList();
        }
    }

    private static String read(Path note) {
        try {
            return Files.readString(note);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void trainersAndGeneratorsGetDifferentGpusAndVerifiersNone() throws Exception {
        try (RunProcess driver = start(DeviceChoice.GPU, 2)) {
            driver.awaitEnd();
        }
        List<String> trainers = devices("trainer");
        List<String> generators = devices("generator");
        assertEquals(TRAINERS, trainers.size(), "" + trainers);
        assertEquals(2, generators.size(), "" + generators);
        Set<String> all =
                Stream.concat(trainers.stream(), generators.stream()).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("gpu 0", "gpu 1", "gpu 2", "gpu 3"), all, trainers + " and " + generators);
        assertEquals(List.of("cpu"), devices("verifier"));
    }

    /** Decided in the driver, for {@code auto} by what executors have, so no more than that differs between the two. */
    @ParameterizedTest
    @EnumSource(names = {"GPU", "AUTO"})
    void tooFewGpusAreOneLineBeforeAnythingStarts(DeviceChoice device) throws Exception {
        try (RunProcess driver = start(device, 3)) {
            driver.awaitEnd(120);
            assertEquals(2, driver.process().exitValue(), driver.log());
            List<String> lines = driver.log().lines().toList();
            assertEquals(1, lines.size(), driver.log());
            assertEquals(
                    "master " + MASTER
                            + ": room for 4 tasks with a GPU of their own (1 workers with 8 cores and 4096 MB in all,"
                            + " 4 GPUs, spark.executor.cores 2, spark.executor.memory 700m,"
                            + " spark.executor.resource.gpu.amount 1), needed is room for 5, one for each trainer and generator"
                            + " (cluster.generators 3, cluster.verifiers 1, cluster.trainers 2; docs/cluster.md, GPUs)",
                    lines.get(0));
            assertTrue(Files.notExists(folder.resolve("run")));
        }
    }
}
