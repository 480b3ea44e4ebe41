package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** One call of the real command line in this process, with what it printed. */
record CommandLineRun(int exit, String out, String err) {
    static CommandLineRun of(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = java.util.Arrays.stream(args)
                .map(arg -> arg instanceof Path path ? path.toString() : String.valueOf(arg))
                .toArray(String[]::new);
        int exit = Tramontane.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new CommandLineRun(exit, out.toString(), err.toString());
    }

    /** The single line of a call that ended with 2 and printed nothing else. */
    static String complaint(Object... args) {
        CommandLineRun run = of(args);
        assertEquals(2, run.exit(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("tramontane: ", run.err().substring(0, 12));
        return run.err().substring(12).strip();
    }
}
