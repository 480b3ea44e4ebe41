package io.tramontane.data.gym;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem.TestCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;

/** Runs programs of exercises on their own tests, by the interpreter and the compiler of this machine. */
final class ProgramRunner {
    private ProgramRunner() {}

    /** All exercises in one process. */
    static <E extends Exercise> void assertPythonPasses(Path folder, List<E> exercises, Function<E, String> program)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(works("python3", "--version"), "python3 is not installed");
        StringBuilder script = new StringBuilder("import sys, io\n");
        for (E exercise : exercises)
            for (TestCase test : tests(exercise))
                script.append("sys.stdin = io.StringIO(" + quoted(test.stdin()) + ")\n")
                        .append("out = sys.stdout = io.StringIO()\n")
                        .append("exec(" + quoted(program.apply(exercise)) + ")\n")
                        .append("sys.stdout = sys.__stdout__\n")
                        .append("assert out.getvalue() == " + quoted(test.stdout()))
                        .append(", (" + quoted(exercise.canonical()) + ", out.getvalue())\n");
        Path file = Files.writeString(folder.resolve("all.py"), script);
        assertEquals("", output("python3", file.toString()));
    }

    static <E extends Exercise> void assertCppPasses(Path folder, E exercise, Function<E, String> program)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(works("g++", "--version"), "g++ is not installed");
        Path source = Files.writeString(folder.resolve("program.cpp"), program.apply(exercise));
        Path binary = folder.resolve("program");
        assertEquals("", output("g++", "-std=c++20", "-o", binary.toString(), source.toString()));
        for (TestCase test : tests(exercise)) {
            Path in = Files.writeString(folder.resolve("in"), test.stdin());
            assertEquals(test.stdout(), output("sh", "-c", binary + " < " + in), test.stdin());
        }
    }

    private static List<TestCase> tests(Exercise exercise) {
        return exercise.tell("a", "en", 1, Dice.of(1)).tests();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }

    private static boolean works(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).start();
            if (process.waitFor(60, TimeUnit.SECONDS)) return process.exitValue() == 0;
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + ": no end within 60 s");
        } catch (IOException e) {
            return false;
        }
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return output;
    }
}
