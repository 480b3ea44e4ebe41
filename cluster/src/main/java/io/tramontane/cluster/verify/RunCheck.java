package io.tramontane.cluster.verify;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.LocalCopy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Checks a run folder against what was recorded while it was written, and changes nothing. Of a run that goes on only that
 * counts which was complete when the check began: what the ledger says then, and the checkpoints that are there then.
 */
public final class RunCheck {
    private final RunFolder folder;
    private final List<Finding> findings = new ArrayList<>();

    private RunCheck(RunFolder folder) {
        this.folder = folder;
    }

    /** The findings about config, ledger, batches and checkpoints, in this order. */
    public static List<Finding> of(RunFolder folder) {
        RunCheck check = new RunCheck(folder);
        int[] checkpoints =
                folder.checkpointSteps(); // before the ledger: it records a step before its checkpoint is there
        check.config();
        Optional<Recorded> recorded = check.ledger();
        if (recorded.isPresent()) {
            History history = recorded.get().history();
            NavigableMap<Integer, Optional<String>> faults = check.faults(checkpoints, history);
            check.steps(history);
            check.batches(recorded.get(), faults);
            check.checkpoints(faults, history);
        }
        return check.findings;
    }

    private void config() {
        try (LocalCopy file = LocalCopy.of(folder.configYaml())) {
            ConfigReader.read(Config.defaults(), Optional.of(file.path()), List.of());
            findings.add(Finding.sound("config", 1));
        } catch (RuntimeException e) {
            findings.add(Finding.broken(
                    "config",
                    1,
                    said(e),
                    "restore it from a backup, or from the config that the run was started with"));
        }
    }

    private Optional<Recorded> ledger() {
        try {
            Recorded recorded = Recorded.read(folder.events());
            boolean exact = recorded.audit().exact();
            findings.add(
                    exact
                            ? Finding.sound("events of the ledger", recorded.events())
                            : Finding.broken(
                                    "events of the ledger",
                                    recorded.events(),
                                    recorded.audit().toString(),
                                    "restore the ledger from a backup: it does not say of every group what became of it"));
            return Optional.of(recorded);
        } catch (IOException | RuntimeException e) {
            findings.add(Finding.broken("events of the ledger", 0, said(e), "restore the ledger from a backup"));
            return Optional.empty();
        }
    }

    /** Every step has a batch before it has a digest, and none is left out. */
    private void steps(History history) {
        int last = history.lastStep();
        String events = folder.events().name();
        for (int step = 1; step <= Math.max(last, BatchCheck.lastBatch(history)); step++) {
            boolean batch = history.batches().containsKey(step);
            if (batch && (step > last || history.steps().containsKey(step))) continue;
            findings.add(Finding.broken(
                    "steps",
                    last,
                    events + ": " + (batch ? "the digest" : "the batch") + " of step " + step + " is not recorded",
                    "restore the ledger from a backup"));
            return;
        }
        findings.add(Finding.sound("steps", last));
    }

    private void batches(Recorded recorded, NavigableMap<Integer, Optional<String>> checkpoints) {
        History history = recorded.history();
        int newest = newestSound(checkpoints).orElse(0);
        for (Map.Entry<Integer, String> batch : history.batches().entrySet()) {
            int step = batch.getKey();
            Optional<String> fault = BatchCheck.fault(folder, step, batch.getValue());
            if (fault.isEmpty()) fault = groups(step, recorded.groups().getOrDefault(step, List.of()));
            if (fault.isEmpty()) continue;
            String cure = step > newest
                    ? BatchCheck.cure(folder, step)
                    : "restore it from a backup; --resume does not need it, replay of step " + step + " does";
            findings.add(Finding.broken("batches", history.batches().size(), fault.get(), cure));
            return;
        }
        findings.add(Finding.sound("batches", history.batches().size()));
    }

    /** What is wrong with each checkpoint that was there and was not deleted meanwhile, as the config says. */
    private NavigableMap<Integer, Optional<String>> faults(int[] steps, History history) {
        CheckpointCheck check = new CheckpointCheck(folder, history);
        NavigableMap<Integer, Optional<String>> faults = new TreeMap<>();
        for (int step : steps) {
            Optional<String> fault = check.fault(step);
            if (folder.isComplete(folder.checkpoint(step))) faults.put(step, fault);
        }
        return faults;
    }

    private static OptionalInt newestSound(NavigableMap<Integer, Optional<String>> checkpoints) {
        return checkpoints.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .mapToInt(Map.Entry::getKey)
                .max();
    }

    private Optional<String> groups(int step, List<Long> recorded) {
        try (LocalCopy copy = LocalCopy.of(folder.batch(step))) {
            Batch batch = BatchArrow.read(copy.path());
            List<Long> found =
                    batch.groups().stream().map(scored -> scored.group().id()).toList();
            if (batch.step() == step && found.equals(recorded)) return Optional.empty();
            return Optional.of(folder.batch(step).name() + ": has groups " + found + " of step " + batch.step()
                    + ", the ledger recorded " + recorded + " for step " + step);
        } catch (RuntimeException e) {
            return Optional.of(said(e));
        }
    }

    private void checkpoints(NavigableMap<Integer, Optional<String>> faults, History history) {
        CheckpointCheck check = new CheckpointCheck(folder, history);
        for (Map.Entry<Integer, Optional<String>> checkpoint :
                faults.descendingMap().entrySet()) {
            if (checkpoint.getValue().isEmpty()) continue;
            findings.add(Finding.broken(
                    "checkpoints",
                    faults.size(),
                    checkpoint.getValue().get(),
                    cure(checkpoint.getKey(), newestSound(faults))));
            return;
        }
        long bare = faults.keySet().stream().filter(check::hasNoManifest).count();
        findings.add(Finding.sound(
                bare == 0 ? "checkpoints" : "checkpoints; " + bare + " of an earlier version without a manifest",
                faults.size()));
    }

    private static String cure(int damaged, OptionalInt sound) {
        if (sound.isPresent() && sound.getAsInt() > damaged)
            return "delete its folder, or restore it from a backup; --resume goes on from step " + sound.getAsInt();
        return "restore it from a backup, or let train --resume set it aside: it goes on from "
                + (sound.isPresent() ? "the checkpoint of step " + sound.getAsInt() : "the model")
                + " with the recorded batches";
    }

    private static String said(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
