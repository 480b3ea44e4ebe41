package io.tramontane.model.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real NCCL on a machine without a driver; tools/nccl-check fetches it and names it in properties. */
class NcclLibraryTest {
    private static final String NCCL = System.getProperty("tramontane.nccl");
    private static final String CUDA = System.getProperty("tramontane.cudart");

    @TempDir
    private Path folder;

    @BeforeEach
    void theLibraryIsThere() {
        assumeTrue(NCCL != null && CUDA != null, "for tools/nccl-check, which fetches NCCL");
    }

    /** What each of two processes prints. */
    private List<List<String>> processes(String... libraries) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    NcclProcess.class.getName(),
                    folder.toString(),
                    Integer.toString(rank)));
            command.addAll(List.of(libraries));
            processes.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out-" + rank).toFile())
                    .start());
        }
        List<List<String>> printed = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            assertTrue(processes.get(rank).waitFor(60, TimeUnit.SECONDS), "rank " + rank + " does not end");
            printed.add(Files.readAllLines(folder.resolve("out-" + rank)).stream()
                    .filter(line -> line.matches("(version|id|rank|made).*"))
                    .toList());
        }
        return printed;
    }

    @Test
    void bothProcessesStartItWithTheIdOfTheFirstAndItSaysWhatItLacks() throws Exception {
        List<List<String>> printed = processes(NCCL);
        String id = printed.get(0).get(1);
        assertTrue(id.matches("id [0-9a-f]{256}") && !id.matches("id 0*"), id);
        for (int rank = 0; rank < 2; rank++) {
            assertEquals("version 22602", printed.get(rank).get(0));
            assertEquals(id, printed.get(rank).get(1));
            String end = printed.get(rank).get(2);
            assertTrue(
                    end.matches("rank " + rank + " of 2, phase start of NCCL, step 0: ncclCommInitRankConfig:"
                            + " unhandled cuda error .*\\(1\\): .*"),
                    printed.toString());
        }
    }

    @Test
    void cudaSaysThatThereIsNoDriver() throws Exception {
        List<List<String>> printed = processes(NCCL, CUDA);
        for (int rank = 0; rank < 2; rank++)
            assertEquals(
                    "rank " + rank + " of 2, phase start of NCCL, step 0: cudaSetDevice(" + rank
                            + "): CUDA driver version is insufficient for CUDA runtime version (35)",
                    printed.get(rank).get(1));
    }

    @Test
    void allAreFoundBesideACudaBuildOfPyTorch() {
        assumeTrue(
                System.getenv("PYTORCH_LIBRARY_PATH") != null,
                "for tools/cuda-check, which fetches PyTorch's CUDA build");
        System.clearProperty(CudaLibraries.NCCL_PROPERTY);
        try {
            CudaLibraries found = CudaLibraries.load();
            assertEquals(22602, NcclCommunicator.version(found.nccl()));
            assertEquals(1, found.torch().aoti_torch_get_current_cuda_stream(0, new PointerByReference())); // no driver
        } finally {
            System.setProperty(CudaLibraries.NCCL_PROPERTY, NCCL);
        }
    }

    @Test
    void theConfigIsAsLongAsInItsHeader() {
        assertEquals(48, NcclLibrary.Config.notBlocking().size); // 8, 2 x 4, 4 x 4, 8, 2 x 4
    }
}
