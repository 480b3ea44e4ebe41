package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.CompiledPrograms.Compiled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledProgramsTest {
    @TempDir
    Path disk;

    private final AtomicInteger compiled = new AtomicInteger();

    private Compiled binary(int bytes) throws IOException {
        Path folder = Files.createDirectory(disk.resolve("program" + compiled.incrementAndGet()));
        Files.write(folder.resolve("program"), new byte[bytes]);
        return new Compiled(folder, bytes, null);
    }

    @Test
    void theSameSourceIsCompiledOnce() throws IOException {
        try (CompiledPrograms kept = new CompiledPrograms(1000)) {
            Path first;
            try (Programs.Program program = kept.get("a", () -> binary(100))) {
                first = program.folder();
            }
            try (Programs.Program program = kept.get("a", () -> binary(100))) {
                assertEquals(first, program.folder());
            }
            kept.get("b", () -> binary(100)).close();
            assertEquals(2, compiled.get());
            assertEquals(200, kept.bytes());
        }
        try (var left = Files.list(disk)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void theDiskIsBoundedAndWhatIsInUseStays() throws IOException {
        try (CompiledPrograms kept = new CompiledPrograms(250);
                Programs.Program used = kept.get("oldest", () -> binary(100))) {
            Path second = kept.get("second", () -> binary(100)).folder(); // never given back: in use too
            Path third;
            try (Programs.Program program = kept.get("third", () -> binary(100))) {
                third = program.folder();
                assertEquals(300, kept.bytes()); // all three in use
            }
            assertFalse(Files.exists(third));
            assertTrue(Files.exists(second) && Files.exists(used.folder()));
            assertEquals(200, kept.bytes());
        }
    }

    @Test
    void aCompilersErrorIsRememberedAndOurOwnFailureIsNot() throws IOException {
        try (CompiledPrograms kept = new CompiledPrograms(1000)) {
            for (Verdict verdict :
                    List.of(Verdict.COMPILE_ERROR, Verdict.COMPILE_ERROR, Verdict.UNSCORED, Verdict.UNSCORED)) {
                Programs.Program none = kept.get(verdict.name(), () -> {
                    compiled.incrementAndGet();
                    return new Compiled(null, 0, TestRun.notStarted(verdict, "no"));
                });
                assertEquals(verdict, none.failure().verdict());
            }
            assertEquals(3, compiled.get());
        }
    }

    @Test
    void twoThatWantItAtOnceShareOneCompilation() throws Exception {
        CountDownLatch compiling = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (CompiledPrograms kept = new CompiledPrograms(1000)) {
            Future<Programs.Program> first = threads.submit(() -> kept.get("a", () -> {
                compiling.countDown();
                return binary(100);
            }));
            assertTrue(compiling.await(60, TimeUnit.SECONDS), "the first compilation has not begun after 60 s");
            Future<Programs.Program> second = threads.submit(() -> kept.get("a", () -> binary(100)));
            assertEquals(folder("first", first), folder("second", second));
            assertEquals(1, compiled.get());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Path folder(String which, Future<Programs.Program> program) throws Exception {
        try {
            return program.get(60, TimeUnit.SECONDS).folder();
        } catch (TimeoutException late) {
            throw new AssertionError("the " + which + " caller has no program after 60 s", late);
        }
    }
}
