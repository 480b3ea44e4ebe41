package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.StoredDataFiles;
import io.tramontane.cluster.roles.ModelRoleFactory;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.source.ProblemOverlap;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/**
 * {@code train --dry-run}: the resolved config and the plan. It works for a recipe of another machine: where the model is not
 * here, its shape is that of {@code plan.model}, and what is not here or does not fit is told and no failure.
 *
 * @param plan of the run
 * @param sources where the problems come from, a line each
 * @param notes for standard error
 */
record DryRun(Plan plan, List<String> sources, List<String> notes) {
    static DryRun of(Config config, Path recipe, String master) {
        List<String> notes = new ArrayList<>();
        Optional<PlannedModel> elsewhere = PlannedModel.of(config, recipe);
        Plan plan;
        if (elsewhere.isPresent()) {
            plan = new Plan(config, elsewhere.get().shape());
            notes.add(elsewhere.get().note(config));
        } else {
            Path model = ModelFolder.resolve(config.model());
            plan = new Plan(config, Checkpoint.fittingConfig(model));
            new ModelRoleFactory(config, model).thoughts().note().ifPresent(notes::add);
            boolean here = master.startsWith("local") && config.plan().memory() == 0;
            if (here) tooLarge(plan).ifPresent(notes::add);
        }
        List<String> missing = PlannedModel.missing(config);
        notes.addAll(missing);
        if (!missing.isEmpty()) return new DryRun(plan, List.of(), notes);
        List<String> sources = StoredDataFiles.PROBLEMS.plan(config.data());
        overlap(config).flatMap(ProblemOverlap::warning).ifPresent(line -> notes.add("warning: " + line));
        return new DryRun(plan, sources, notes);
    }

    private static Optional<String> tooLarge(Plan plan) {
        try {
            plan.checkThisMachine();
            return Optional.empty();
        } catch (BadInputException e) {
            return Optional.of("warning: DOES NOT FIT this machine: " + e.getMessage());
        }
    }

    /** Of all stages' training problems, those that hold the most of the held-out ones. */
    static Optional<ProblemOverlap> overlap(Config config) {
        ProblemSource evaluation = StoredDataFiles.PROBLEMS.open(config.data(), true, config.seed());
        return config.stages().values().stream()
                .map(Config::data)
                .distinct()
                .map(data -> ProblemOverlap.of(
                        data,
                        StoredDataFiles.PROBLEMS.open(data, false, config.seed()),
                        evaluation,
                        config.evaluation().problems()))
                .flatMap(Optional::stream)
                .max(Comparator.comparingInt(ProblemOverlap::trained));
    }

    void print(CommandLine to) {
        notes.forEach(to.getErr()::println);
        to.getErr().flush();
        PrintWriter out = to.getOut();
        out.print(ConfigReader.print(plan.config()) + plan.text());
        sources.forEach(line -> out.println("# " + line));
        out.flush();
    }
}
