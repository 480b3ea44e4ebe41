package io.tramontane.rewards;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The real sandbox, or a loud skip; with TRAMONTANE_REQUIRE_SANDBOX=1 a failure. */
record SandboxForTests(Bubblewrap sandbox) implements AutoCloseable {
    static final Sandbox.Limits ONE_SECOND = new Sandbox.Limits(1, 300, 1 << 20, 4, false, 16);
    static final Sandbox.Limits MAY_FORK = new Sandbox.Limits(1, 300, 1 << 20, 16, true, 16);

    /** A run and what it printed. */
    record Ran(Sandbox.Result result, String stdout) {}

    static SandboxForTests open() {
        try {
            Bubblewrap sandbox = Bubblewrap.open(EnumSet.allOf(Guard.class));
            Optional<String> failure =
                    Programs.missing().isPresent() ? Programs.missing() : SandboxProbe.failure(sandbox);
            if (failure.isEmpty()) return new SandboxForTests(sandbox);
            sandbox.close();
            return skip(failure.get());
        } catch (IOException cannotOpen) {
            return skip(cannotOpen.getMessage());
        }
    }

    private static SandboxForTests skip(String why) {
        if ("1".equals(System.getenv("TRAMONTANE_REQUIRE_SANDBOX"))
                || "1".equals(System.getProperty("TRAMONTANE_REQUIRE_SANDBOX")))
            Assertions.fail("the sandbox is required: " + why);
        System.err.println("SANDBOX TESTS ARE SKIPPED: " + why);
        Assumptions.abort("no sandbox: " + why);
        throw new AssertionError("unreachable");
    }

    Ran python(String source) throws IOException {
        return python(source, ONE_SECOND, new byte[0]);
    }

    Ran python(String source, Sandbox.Limits limits, byte[] stdin) throws IOException {
        Path folder = Bubblewrap.readableFolder();
        try {
            Files.writeString(folder.resolve("program.py"), source);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<String> command = List.of(Programs.PYTHON, "-s", "-S", "-B", "/job/program.py");
            Sandbox.Result result = sandbox.run(new Sandbox.Job(command, folder, null, stdin, out, limits));
            return new Ran(result, out.toString(StandardCharsets.UTF_8).strip());
        } finally {
            Bubblewrap.delete(folder);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
