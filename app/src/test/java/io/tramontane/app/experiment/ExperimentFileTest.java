package io.tramontane.app.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.data.BadInputException;
import io.tramontane.trainer.SftConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Experiment files: ours are right, wrong ones are told in a line. */
class ExperimentFileTest {
    private static final Path OURS = Path.of(System.getProperty("tramontane.root"), "conf", "experiments");

    private static final String GOOD =
            """
            title: T
            question: Q?
            base: tiny.yaml
            seeds: [1, 2]
            arms:
              - {name: a, set: [seed=3]}
              - {name: b}
            claims:
              - {says: a beats b, metric: eval.correctness, of: a, against: b, expect: higher}
            """;

    @TempDir
    Path folder;

    private Experiment read(String text) throws IOException {
        return ExperimentFile.read(Files.writeString(folder.resolve("mine.yaml"), text));
    }

    @Test
    void everyArmOfOurExperimentsIsAConfigThatTheProgramAccepts() {
        List<String> names = ExperimentFile.names(OURS);
        assertTrue(names.size() >= 10, names.toString());
        for (String name : names) {
            Experiment experiment = ExperimentFile.read(OURS.resolve(name + ".yaml"));
            for (Experiment.Arm arm : experiment.arms()) {
                List<String> sets = new ArrayList<>(experiment.set());
                sets.addAll(arm.set());
                ConfigReader.read(Config.defaults(), Optional.of(experiment.recipe(experiment.base())), sets);
                if (!arm.coldStart().isEmpty())
                    ConfigReader.read(
                            SftConfig.defaults(), Optional.of(experiment.recipe(arm.coldStart())), arm.coldStartSet());
            }
        }
    }

    @Test
    void whatIsLeftOutHasADefault() throws IOException {
        Experiment experiment = read(GOOD);
        assertEquals("mine", experiment.name());
        assertEquals(List.of(1L, 2L), experiment.seeds());
        assertEquals(List.of(), experiment.arms().get(1).set());
        assertEquals("step", experiment.axis());
        assertEquals("eval.correctness", experiment.claims().get(0).againstMetric());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seeds: [1, 2] | seds: [1, 2] | unknown key seds, did you mean seeds?",
                "title: T | titel: T | unknown key titel, did you mean title?",
                "title: T | title: | title: missing or empty",
                "question: Q? | question: | question: missing or empty",
                "seeds: [1, 2] | seeds: [one] | mine.yaml:4: seeds.0",
                "name: b | name: a | arm a appears twice",
                "name: b | name: ../b | arm name ../b, allowed small letters",
                "name: b | name: b, sets: [] | unknown key sets, did you mean set?",
                "against: b | against: c | no arm c, allowed",
                "expect: higher | expect: better | expect",
                "expect: higher | expect: same | within 0.0, allowed above 0",
                "expect: higher | expect: higher, within: 0.1 | within 0.1, allowed above 0 with expect: same",
                "metric: eval.correctness | metric: correctness | metric correctness, allowed eval.NAME",
                "seeds: [1, 2] | seeds: [] | seeds: none",
                "seeds: [1, 2] | axis: hours | axis hours, allowed step, tokens, elapsedSeconds",
                "seeds: [1, 2] | file: x | unknown key file",
                "against: b | value: 0, against: b | one of against and value",
                "against: b, | ignored: 0, | unknown key ignored",
                "against: b | value: 0, againstMetric: eval.lengthMean | no againstMetric",
                "name: b | name: b, evaluate: {x: []}, analyse: {x: []} | evaluate and analyse both have x",
                "seeds: [1, 2] | runsOf: other | base with runsOf: other has them",
            })
    void aWrongFileIsToldInOneLine(String from, String to, String told) {
        assertTrue(GOOD.contains(from), from);
        BadInputException e = assertThrows(BadInputException.class, () -> read(GOOD.replace(from, to)));
        assertTrue(e.getMessage().contains(told), e.getMessage());
        assertTrue(e.getMessage().contains("mine.yaml"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    /** As in a config file: the parser takes 480 MB for one word of 500,000 characters. */
    @Test
    void itIsReadWithinTheLimitsOfAConfigFile() throws IOException {
        assertRefused(GOOD + "# " + "y".repeat(1 << 17) + "\n", "mine.yaml:10: a line of 131074 characters, at most");
        assertRefused("# comment\n".repeat(110_000), "mine.yaml: is longer than 1048576 bytes");
        assertRefused("title: " + "[".repeat(100), "nesting depth (65)");
        BadInputException e = assertThrows(
                BadInputException.class,
                () -> ExperimentFile.read(Files.write(folder.resolve("latin.yaml"), new byte[] {'a', (byte) 0xE9})));
        assertTrue(e.getMessage().endsWith("latin.yaml: is not UTF-8 text"), e.getMessage());
    }

    private void assertRefused(String text, String told) {
        BadInputException e = assertThrows(BadInputException.class, () -> read(text));
        assertTrue(e.getMessage().contains(told), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void anExperimentMayLookAtTheRunsOfAnother() throws IOException {
        Files.writeString(folder.resolve("other.yaml"), GOOD);
        String looks = "title: L\nquestion: Q?\nrunsOf: other\nclaims:\n"
                + "  - {says: a is long, metric: eval.lengthMean, of: a, value: 10, expect: higher}\n";
        Experiment experiment = read(looks);
        assertEquals("other", experiment.runsOf());
        assertEquals(List.of(1L, 2L), experiment.seeds());
        assertEquals("b", experiment.arms().get(1).name());
        assertEquals(folder.resolve("tiny.yaml"), experiment.recipe(experiment.base()));
        assertEquals("L", experiment.title());
        BadInputException e = assertThrows(BadInputException.class, () -> read(looks.replace("other", "none")));
        assertTrue(e.getMessage().contains("runsOf none, allowed the name of a file"), e.getMessage());
        Files.writeString(folder.resolve("looks.yaml"), looks);
        e = assertThrows(BadInputException.class, () -> read(looks.replace("other", "looks")));
        assertTrue(e.getMessage().contains("which has its runs of other: allowed other"), e.getMessage());
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        BadInputException e = assertThrows(BadInputException.class, () -> ExperimentFile.find("advantages", OURS));
        assertTrue(e.getMessage().contains("did you mean advantage?"), e.getMessage());
    }
}
