package io.tramontane.app.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains the keys of a config. */
@Command(
        name = "config",
        description = "Explains a key of the config, or lists all keys with their defaults.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The keys of the reward (score, evaluate and curate take them with --set) are those under rewards.",
            "Examples: tramontane config trainer.loss.clipHigh",
            "          tramontane config trainer",
            "          tramontane config --of sft traces.slipShare"
        })
final class ConfigCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KEY", arity = "0..1", description = "a key or a section, e.g. trainer.steps or trainer")
    private String key;

    @Option(
            names = "--of",
            paramLabel = "COMMAND",
            defaultValue = "train",
            description = "whose config: ${COMPLETION-CANDIDATES} (default train)")
    private ConfigKeys keys;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<ConfigKey> asked = key == null ? keys.all() : keys.explained(key);
        if (asked.size() == 1) explain(asked.get(0), out);
        else list(asked, out);
        out.flush();
        return Tramontane.DONE;
    }

    private static void explain(ConfigKey key, PrintWriter out) {
        out.println(key.path());
        out.println("  meaning  " + key.meaning());
        out.println("  type     " + key.type());
        out.println("  default  " + (key.defaultValue().isEmpty() ? "none" : key.defaultValue()));
        out.println("  allowed  " + (key.allowed().isEmpty() ? "every " + key.type() : key.allowed()));
    }

    private static void list(List<ConfigKey> keys, PrintWriter out) {
        List<ConfigKey> values = keys.stream().filter(key -> !key.isSection()).toList();
        int width = values.stream().mapToInt(key -> key.path().length()).max().orElse(1);
        for (ConfigKey each : values)
            out.println(String.format(Locale.ROOT, "%-" + width + "s  %s", each.path(), each.defaultValue()));
    }
}
