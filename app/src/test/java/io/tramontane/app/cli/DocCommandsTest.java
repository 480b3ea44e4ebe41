package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.trainer.SftConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The commands of the documentation work: all are parsed, and those that can run here with tiny sizes run. */
class DocCommandsTest {
    @TempDir
    Path folder;

    @Test
    void everyDocumentedCommandHasOptionsAndKeysThatExist() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<DocCommand> commands = DocCommand.all();
        for (DocCommand command : commands) {
            try {
                ParseResult parsed =
                        Tramontane.commandLine().parseArgs(command.words().toArray(new String[0]));
                while (parsed.hasSubcommand()) parsed = parsed.subcommand();
                checkKeys(command.words().get(0), parsed);
            } catch (ParameterException | io.tramontane.data.BadInputException e) {
                wrong.add(command.where() + ": " + command.text() + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(commands.size() > 40, commands.size() + " commands were found");
    }

    private static void checkKeys(String command, ParseResult parsed) {
        List<String> sets = parsed.matchedOptionValue("--set", List.of());
        Path config = parsed.matchedOptionValue("--config", null);
        Optional<Path> file =
                Optional.ofNullable(config).map(Markdown.ROOT::resolve).filter(Files::exists);
        if (List.of("train", "replay", "bench", "plan").contains(command))
            ConfigReader.read(Config.defaults(), file, withoutClasses(sets));
        else if (command.equals("sft")) ConfigReader.read(SftConfig.defaults(), file, sets);
        else ConfigReader.read(RewardConfig.defaults(), Optional.empty(), withoutClasses(sets));
    }

    /** An option of a reward of one's own cannot stand without its class, which may be in the YAML that is not shown. */
    private static List<String> withoutClasses(List<String> sets) {
        return sets.stream()
                .filter(set -> !set.matches("(rewards\\.)?extra\\..*") || set.contains(".class="))
                .toList();
    }

    @Test
    void everyReasonWhyACommandIsOnlyParsedIsNeeded() throws IOException {
        List<String> texts =
                DocCommand.all().stream().map(DocCommand::text).distinct().toList();
        for (String pattern : TinySizes.ONLY_PARSED.keySet())
            assertTrue(texts.stream().anyMatch(text -> text.matches(pattern)), pattern);
    }

    @Test
    void whatCanRunHereRuns() throws IOException {
        TinySizes sizes = new TinySizes(folder);
        Map<String, DocCommand> commands = DocCommand.all().stream()
                .filter(command -> !command.where().startsWith("docs/tutorial.md")) // TutorialTest runs them
                .filter(command -> TinySizes.ONLY_PARSED.keySet().stream()
                        .noneMatch(pattern -> command.text().matches(pattern)))
                .filter(command -> !command.text().matches("COMMAND.*|config KEY|.*--config FILE.*"))
                .collect(Collectors.toMap(DocCommand::text, command -> command, (first, again) -> first));
        List<DocCommand> inOrder = commands.values().stream()
                .sorted(Comparator.comparing(
                                (DocCommand command) -> !command.text().equals("train"))
                        .thenComparing(command -> !command.words().get(0).equals("train"))
                        .thenComparing(DocCommand::text))
                .toList();
        for (DocCommand command : inOrder) {
            List<String> words = sizes.of(command);
            CommandLineRun run = CommandLineRun.of(words.toArray());
            assertEquals(0, run.exit(), command.where() + ": " + command.text() + " as " + words + "\n" + run.err());
        }
        assertTrue(inOrder.size() > 15, inOrder.size() + " ran");
        checkMetrics(sizes.run());
    }

    /** docs/metrics.md has every name of a real run's rows. */
    private static void checkMetrics(Path run) throws IOException {
        String page = Files.readString(Markdown.ROOT.resolve("docs/metrics.md"));
        Set<String> missing = new java.util.TreeSet<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode row = new ObjectMapper().readTree(line);
            row.fieldNames().forEachRemaining(name -> {
                if (!page.contains("`" + name + "`")) missing.add(name);
            });
        }
        assertEquals(Set.of(), missing, "docs/metrics.md does not explain these");
    }
}
