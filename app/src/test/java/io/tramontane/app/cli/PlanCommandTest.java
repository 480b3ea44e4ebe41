package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GPUs are divided for a model of which only the shape is here. */
class PlanCommandTest {
    private static final Path CONF =
            Path.of(System.getProperty("tramontane.root")).resolve("conf");
    private static final Path SMALL = CONF.resolve("shapes/mistral-small-24b.json");

    private static CommandLineRun plan(Object... more) {
        List<Object> words = new ArrayList<>(List.of("plan", "--model", SMALL));
        words.addAll(List.of(more));
        if (!words.contains("--gpus")) words.addAll(List.of("--gpus", "16"));
        return CommandLineRun.of(words.toArray());
    }

    @Test
    void theLineThatItPrintsMakesThePlan() {
        CommandLineRun run = plan("--gpus", "32", "--memory", "141e9");
        assertEquals(0, run.exit(), run.err());
        String line = run.out()
                .lines()
                .filter(l -> l.startsWith("tramontane train "))
                .findFirst()
                .orElseThrow();
        assertTrue(line.contains(" --set trainer.shard=full "), line);
        List<String> words =
                new ArrayList<>(List.of(line.substring("tramontane ".length()).split(" ")));
        words.add("--dry-run");
        CommandLineRun dry = CommandLineRun.of(words.toArray());
        assertEquals(0, dry.exit(), dry.err());
        String seconds = secondsPerStep(run);
        assertTrue(dry.out().contains(seconds), seconds);
        assertTrue(!dry.out().contains("DOES NOT FIT"), dry.out());
    }

    private static String secondsPerStep(CommandLineRun run) {
        return run.out()
                .lines()
                .filter(line -> line.startsWith("# seconds per step"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyAssumptionIsNamed() {
        String out = plan("--set", "plan.completionTokens=5000").out();
        for (String assumed : List.of(
                "16 devices of 80.0 GB each",
                "4.00e+14 FLOP/s",
                "none of it measured on a GPU",
                "completions of 5,000 (at most 40,960)",
                "0.7 of the groups have a signal")) assertTrue(out.contains(assumed), assumed + ": " + out);
    }

    @Test
    void whereNoneFitsTheOneThatLacksLeastIsShown() {
        String out = plan().out();
        assertTrue(out.contains(" 0 fit; the best of each number of trainers:"), out);
        assertTrue(out.contains("# none fits; the one that lacks least:"), out);
        assertTrue(out.contains("WARNING                           DOES NOT FIT: a trainer rank takes "), out);
    }

    @Test
    void badInputsAreOneLine() {
        assertEquals(
                "--gpus 1, allowed >= 2: a trainer and a generator", complaint("plan", "--model", SMALL, "--gpus", 1));
        assertEquals("--model none.json: no such config.json", complaint("plan", "--model", "none.json", "--gpus", 8));
        assertEquals(
                "plan.memory and plan.flops must be more than 0 to divide GPUs",
                complaint("plan", "--model", SMALL, "--gpus", 8, "--flops", 0));
    }
}
