package io.tramontane.rewards;

import io.tramontane.data.Problem.CodeLanguage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes source text runnable: Python as it is, C++20 through {@link CppCompiler}. */
final class Programs implements AutoCloseable {
    static final String PYTHON = "/usr/bin/python3"; // not what PATH says: only /usr exists in the sandbox
    /**
     * Without the site module a start takes a third of the time, but the names that it defines are missed by right
     * programs. Then the program runs as if it were this file.
     */
    private static final String PYTHON_MAIN =
            """
            import builtins, sys
            builtins.exit = builtins.quit = sys.exit
            if hasattr(sys, "set_int_max_str_digits"): sys.set_int_max_str_digits(0)
            del builtins, sys
            exec(compile(open(__file__.replace("main.py", "program.py"), "rb").read(), "/job/program.py", "exec"))
            """;

    private final CppCompiler compiler;

    Programs(Sandbox sandbox, int compileSeconds) {
        this.compiler = new CppCompiler(sandbox, compileSeconds);
    }

    /**
     * A program on disk.
     *
     * @param folder for {@link Sandbox.Job}; null when there is no program
     * @param command how to start it inside
     * @param failure why there is none; null when there is one
     * @param release gives the folder back
     */
    record Program(Path folder, List<String> command, TestRun failure, Runnable release) implements AutoCloseable {
        static Program none(TestRun failure) {
            return new Program(null, List.of(), failure, () -> {});
        }

        @Override
        public void close() {
            release.run();
        }
    }

    /** What is missing on this machine; empty when both languages can run. */
    static Optional<String> missing() {
        for (String tool : List.of(PYTHON, CppCompiler.CPP)) {
            if (!Files.isExecutable(Path.of(tool))) return Optional.of(tool + " is missing (packages python3, g++)");
        }
        return Optional.empty();
    }

    /** Fails only when our own disk does. */
    Program prepare(CodeLanguage language, String source) throws IOException {
        if (language == CodeLanguage.CPP) return compiler.prepare(printable(source));
        Path folder = Bubblewrap.readableFolder();
        Files.writeString(folder.resolve("program.py"), printable(source));
        Files.writeString(folder.resolve("main.py"), PYTHON_MAIN);
        List<String> command = List.of(PYTHON, "-s", "-S", "-B", "/job/main.py");
        return new Program(folder, command, null, () -> Bubblewrap.delete(folder));
    }

    CppCompiler compiler() {
        return compiler;
    }

    /** Half surrogates, which a tokenizer can produce, have no UTF-8 form. */
    static String printable(String source) {
        return new String(source.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        compiler.close();
    }
}
