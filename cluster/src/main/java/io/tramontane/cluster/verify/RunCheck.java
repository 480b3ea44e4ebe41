package io.tramontane.cluster.verify;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.LedgerCheck;
import io.tramontane.cluster.ledger.RecordedSteps;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.LocalCopy;
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
    private static final String EVENTS = "events of the ledger";

    private final RunFolder folder;
    private final List<Finding> findings = new ArrayList<>();

    private RunCheck(RunFolder folder) {
        this.folder = folder;
    }

    /** The findings about config, ledger, batches, checkpoints and spilled groups, in this order. */
    public static List<Finding> of(RunFolder folder) {
        RunCheck check = new RunCheck(folder);
        int[] checkpoints =
                folder.checkpointSteps(); // before the ledger: it records a step before its checkpoint is there
        SpillCheck spilled = new SpillCheck(folder);
        check.config();
        Optional<LedgerCheck> ledger = check.ledger();
        if (ledger.isPresent()) {
            RecordedSteps recorded = ledger.get().recorded();
            NavigableMap<Integer, Optional<String>> faults = check.faults(checkpoints, recorded);
            check.steps(recorded);
            check.batches(ledger.get(), faults);
            check.checkpoints(faults, recorded);
            check.findings.addAll(spilled.findings(ledger.get()));
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

    /** Empty when the ledger cannot be read to its end. */
    private Optional<LedgerCheck> ledger() {
        LedgerCheck check = LedgerCheck.of(folder.events());
        if (check.sound()) findings.add(Finding.sound(EVENTS, check.events()));
        else
            findings.add(Finding.broken(
                    EVENTS,
                    check.whole() ? check.events() : 0,
                    check.problem().get(),
                    "restore the ledger from a backup"
                            + (check.audit().exact() || !check.whole()
                                    ? ""
                                    : ": it does not say of every group what became of it")));
        return Optional.of(check).filter(LedgerCheck::whole);
    }

    /** Every step has a batch before it has a digest, and none is left out. */
    private void steps(RecordedSteps recorded) {
        int last = recorded.lastStep();
        String events = folder.events().name();
        for (int step = 1; step <= Math.max(last, recorded.lastBatch()); step++) {
            boolean batch = recorded.batches().containsKey(step);
            if (batch && (step > last || recorded.digest(step) != null)) continue;
            findings.add(Finding.broken(
                    "steps",
                    last,
                    events + ": " + (batch ? "the digest" : "the batch") + " of step " + step + " is not recorded",
                    "restore the ledger from a backup"));
            return;
        }
        findings.add(Finding.sound("steps", last));
    }

    private void batches(LedgerCheck ledger, NavigableMap<Integer, Optional<String>> checkpoints) {
        Map<Integer, String> batches = ledger.recorded().batches();
        int newest = newestSound(checkpoints).orElse(0);
        for (Map.Entry<Integer, String> batch : batches.entrySet()) {
            int step = batch.getKey();
            Optional<String> fault = BatchCheck.fault(folder, step, batch.getValue());
            if (fault.isEmpty()) fault = groups(step, ledger.groups().getOrDefault(step, List.of()));
            if (fault.isEmpty()) continue;
            String cure = step > newest
                    ? BatchCheck.cure(folder, step)
                    : "restore it from a backup; --resume does not need it, replay of step " + step + " does";
            findings.add(Finding.broken("batches", batches.size(), fault.get(), cure));
            return;
        }
        findings.add(Finding.sound("batches", batches.size()));
    }

    /** What is wrong with each checkpoint that was there and was not deleted meanwhile, as the config says. */
    private NavigableMap<Integer, Optional<String>> faults(int[] steps, RecordedSteps recorded) {
        CheckpointCheck check = new CheckpointCheck(folder, recorded);
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

    private void checkpoints(NavigableMap<Integer, Optional<String>> faults, RecordedSteps recorded) {
        CheckpointCheck check = new CheckpointCheck(folder, recorded);
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
