package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bin/cuda.sh on a machine that seems to have a driver, with a wheel of a few bytes. The real ones are tools/cuda-check's. */
class CudaScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("tramontane.root"));
    private static final String WHEEL = "torch-2.7.1-cp311-cp311-manylinux_2_28_x86_64.whl";
    private static final String SCRIPT = String.join(
            "\n",
            "set -euo pipefail",
            "source '" + ROOT + "/bin/setup.sh'",
            "source '" + ROOT + "/bin/cuda.sh'",
            "CUDA_WHEELS=$LIST CUDA_MEGABYTES=1",
            "use_cuda \"$@\"",
            "echo \"device ${TRAMONTANE_DEVICE:-}, driver $NVIDIA_DRIVER, flavor ${PYTORCH_FLAVOR:-}\"",
            "echo \"${PYTORCH_LIBRARY_PATH:-}\"",
            "echo \"$CUDA_RUNTIME\"");

    @TempDir
    Path folder;

    private Path list;

    private record Ended(int exit, List<String> out, String err) {}

    @BeforeEach
    void aDriverAndAWheel() throws Exception {
        Process pip = new ProcessBuilder("python3", "-m", "pip", "--version").start();
        assumeTrue(pip.waitFor() == 0, "no pip here");
        Path smi =
                Files.writeString(Files.createDirectory(folder.resolve("bin")).resolve("nvidia-smi"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwx------"));
        Path wheel = Files.createDirectory(folder.resolve("wheels")).resolve(WHEEL);
        writeWheel(wheel);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(wheel)));
        list = Files.writeString(folder.resolve("list.txt"), "# one\ntorch==2.7.1 --hash=sha256:" + hash + "\n");
    }

    private static void writeWheel(Path file) throws IOException {
        String info = "torch-2.7.1.dist-info/";
        Map<String, String> entries = Map.of(
                "torch/lib/libtorch_cuda.so",
                "none",
                "nvidia/cuda_runtime/lib/libcudart.so.12",
                "none",
                info + "METADATA",
                "Metadata-Version: 2.1\nName: torch\nVersion: 2.7.1\n",
                info + "WHEEL",
                "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_28_x86_64\n",
                info + "RECORD",
                info + "RECORD,,\n");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private Ended launch(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", SCRIPT, "tramontane"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("TRAMONTANE_DEVICE");
        builder.environment().put("LIST", list.toString());
        builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment()
                .put("TRAMONTANE_CUDA_WHEELS", folder.resolve("wheels").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), "pip has not ended");
        return new Ended(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }

    /** The folders of the cache that libraries could be in. */
    private List<Path> fetched() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    @Test
    void theLibrariesAreFetchedOnceAndAPartOfThemCountsForNothing() throws Exception {
        Ended first = launch(Map.of(), "train");
        assertEquals(0, first.exit(), first.err());
        assertTrue(
                first.err().contains("NVIDIA driver: nvidia-smi. Fetching PyTorch's CUDA libraries (2.8 GB"),
                first.err());
        assertEquals(1, fetched().size(), "" + fetched());
        Path cuda = fetched().get(0);
        List<String> ready = List.of(
                "device , driver nvidia-smi, flavor cu128", cuda + "/torch/lib", cuda + "/nvidia/cuda_runtime/lib");
        assertEquals(ready, first.out());
        Ended second = launch(Map.of("TRAMONTANE_NO_INSTALL", "1"), "train");
        assertEquals("", second.err());
        assertEquals(ready, second.out());
        Files.delete(cuda.resolve("whole")); // as if copying had been interrupted
        Files.createDirectories(folder.resolve("cache").resolve(cuda.getFileName() + ".part/tmp"));
        Ended third = launch(Map.of(), "train");
        assertTrue(third.err().contains("fetched in"), third.err());
        assertEquals(List.of(cuda), fetched());
    }

    @Test
    void whatCannotBeFetchedIsAnErrorWithItsCure() throws Exception {
        Files.writeString(list, Files.readString(list).replaceFirst("sha256:.{8}", "sha256:00000000"));
        Ended ended = launch(Map.of(), "generate");
        assertEquals(1, ended.exit());
        assertEquals(List.of(), ended.out());
        String last = ended.err().lines().reduce("", (before, line) -> line);
        assertTrue(
                last.matches(
                        "tramontane: this machine has an NVIDIA driver \\(nvidia-smi\\), but PyTorch's CUDA libraries"
                                + " \\(2\\.8 GB, 4\\.4 GB unpacked\\) could not be fetched \\(output: .*\\.log\\); fetch them with:"
                                + " python3 -m pip install --target .* && touch .*/whole; to compute on the CPU instead:"
                                + " TRAMONTANE_DEVICE=cpu"),
                last);
        assertEquals(List.of(), fetched());
        Ended told = launch(Map.of("TRAMONTANE_NO_INSTALL", "1"), "generate");
        assertEquals(1, told.exit());
        assertTrue(told.err().contains(" are not here; fetch them with: python3 -m pip install "), told.err());
        assertEquals(1, told.err().lines().count());
    }

    @Test
    void theCpuNeedsNoLibraries() throws Exception {
        List<String> cpu = List.of("device cpu, driver , flavor ", "", "");
        assertEquals(cpu, launch(Map.of("TRAMONTANE_DEVICE", "cpu"), "train").out());
        assertEquals(
                cpu, launch(Map.of(), "train", "--set", "cluster.device=cpu").out());
        assertEquals(cpu, launch(Map.of(), "train", "--set=cluster.device=cpu").out());
        assertEquals(cpu, launch(Map.of(), "bench", "device", "--device", "cpu").out());
        Path recipe = Files.writeString(
                folder.resolve("r.yaml"),
                "model: x\ncluster:\n  threads: 1\n\n  device: \"cpu\"\nplan:\n  device: gpu\n");
        assertEquals(
                cpu, launch(Map.of(), "train", "--config", recipe.toString()).out());
        Files.move(recipe, folder.resolve("config.yaml"));
        assertEquals(
                cpu, launch(Map.of(), "train", "--resume", "--run=" + folder).out());
        List<String> none = List.of("device , driver , flavor ", "", "");
        for (String[] command :
                new String[][] {{"score"}, {"bench", "score"}, {"train", "--help"}, {"train", "--dry-run"}, {}})
            assertEquals(none, launch(Map.of(), command).out());
        assertFalse(Files.exists(folder.resolve("cache")));
        Ended wrong = launch(Map.of("TRAMONTANE_DEVICE", "tpu"), "train");
        assertEquals(2, wrong.exit());
        assertEquals("tramontane: TRAMONTANE_DEVICE tpu, allowed auto, cpu\n", wrong.err());
    }
}
