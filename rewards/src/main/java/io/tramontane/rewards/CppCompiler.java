package io.tramontane.rewards;

import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.CompiledPrograms.Compiled;
import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * C++20, compiled inside the sandbox (paper section 2.2.2: at most 10 s, {@code bits/stdc++.h} precompiled). The
 * compiler's only output channel is its standard output, which carries the binary.
 */
final class CppCompiler implements AutoCloseable {
    static final String CPP = "/usr/bin/g++";
    static final String FLAGS = "-O2 -std=c++20";
    private static final String QUIET = "-w -fmax-errors=3";
    private static final long MIB = 1L << 20;
    private static final long KEPT_BYTES = 256 * MIB;
    private static final long LARGEST_BINARY = 64 * MIB;

    private final Sandbox sandbox;
    private final Limits limits;
    private final PrecompiledHeader header;
    private final CompiledPrograms kept = new CompiledPrograms(KEPT_BYTES);

    CppCompiler(Sandbox sandbox, int compileSeconds) {
        this.sandbox = sandbox;
        this.limits = new Limits(compileSeconds, 1024, LARGEST_BINARY, 32, true, 64);
        this.header = new PrecompiledHeader(sandbox);
    }

    /** Compiled once, for all callers. */
    Programs.Program prepare(String source) throws IOException {
        return kept.get(FLAGS + "\n" + source, () -> compile(source, header.folder()));
    }

    /** Compiles without looking at what is kept; delete the folder after use. */
    Compiled compile(String source, Path precompiled) throws IOException {
        Path folder = Bubblewrap.readableFolder();
        Path binary = folder.resolve("program");
        Result result;
        Files.writeString(folder.resolve("program.cpp"), source);
        try (OutputStream out = Files.newOutputStream(binary)) {
            String command = CPP + " " + FLAGS + (precompiled == null ? "" : " -I /extra") + " " + QUIET
                    + " -o /tmp/program /job/program.cpp >&2 && exec /bin/cat /tmp/program";
            result = sandbox.run(
                    new Job(List.of("/bin/sh", "-c", command), folder, precompiled, new byte[0], out, limits));
        }
        if (!result.succeeded()) {
            Bubblewrap.delete(folder);
            return new Compiled(null, 0, failure(result));
        }
        Files.delete(folder.resolve("program.cpp"));
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Compiled(folder, Files.size(binary), null);
    }

    /** The folder with the precompiled header; null when it could not be made. */
    Path precompiled() {
        return header.folder();
    }

    private TestRun failure(Result result) {
        boolean timedOut =
                result.stderr().contains("CPU time limit exceeded") && result.seconds() >= limits.cpuSeconds();
        if (result.ending() == Ending.FAULT) return TestRun.notStarted(Verdict.UNSCORED, result.stderr());
        if (result.ending() == Ending.TIME || timedOut)
            return TestRun.notStarted(Verdict.COMPILE_TIMEOUT, "not compiled within " + limits.cpuSeconds() + " s");
        if (result.ending() == Ending.OUTPUT)
            return TestRun.notStarted(
                    Verdict.COMPILE_ERROR, "binary or messages above " + LARGEST_BINARY / MIB + " MiB");
        return TestRun.notStarted(Verdict.COMPILE_ERROR, firstError(result.stderr()));
    }

    private static String firstError(String stderr) {
        String line =
                stderr.lines().filter(l -> l.contains("error")).findFirst().orElse("the compiler failed");
        return line.length() <= 200 ? line : line.substring(0, 200);
    }

    @Override
    public void close() {
        kept.close();
        header.close();
    }
}
