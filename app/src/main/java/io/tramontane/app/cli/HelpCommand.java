package io.tramontane.app.cli;

import io.tramontane.cluster.config.Nearest;
import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help train} is {@code train --help}. */
@Command(name = HelpCommand.NAME, description = "Explains a command: help train is train --help.", helpCommand = true)
final class HelpCommand implements Callable<Integer> {
    static final String NAME = "help";

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "e.g. train, or bench model")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine asked = spec.commandLine().getParent();
        for (String name : names) {
            CommandLine next = asked.getSubcommands().get(name);
            if (next == null) throw unknown(name, asked);
            asked = next;
        }
        asked.usage(spec.commandLine().getOut());
        return Tramontane.DONE;
    }

    private static BadInputException unknown(String name, CommandLine at) {
        if (at.getSubcommands().isEmpty())
            return new BadInputException(
                    "help: " + at.getCommandSpec().qualifiedName() + " has no command '" + name + "'");
        return new BadInputException("unknown command '" + name + "', did you mean "
                + Nearest.name(name, at.getSubcommands().keySet()) + "?");
    }
}
