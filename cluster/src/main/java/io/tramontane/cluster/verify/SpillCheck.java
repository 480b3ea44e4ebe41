package io.tramontane.cluster.verify;

import io.tramontane.cluster.ledger.LedgerCheck;
import io.tramontane.cluster.ledger.SpilledFile;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether what was kept of groups in flight is what was written, and whether the ledger knows these groups as unfinished. */
final class SpillCheck {
    private static final String GROUPS = "spilled groups";
    private static final String CURE = "remove the file; the group is sampled again";

    private final RunFolder folder;
    private final List<String> names;

    /** Looks for files; call it before the ledger is read, since a group is leased before something of it is kept. */
    SpillCheck(RunFolder folder) {
        this.folder = folder;
        this.names = names(folder.spill());
    }

    private static List<String> names(StoragePath spill) {
        try {
            return spill.list().stream().filter(SpilledFile::isName).sorted().toList();
        } catch (IOException e) {
            return List.of(); // nothing can be kept there, and nothing is lost
        }
    }

    /** One finding for each damaged file, one for all the others. A group that has ended is of no use, and harmless. */
    List<Finding> findings(LedgerCheck ledger) {
        List<Finding> findings = new ArrayList<>();
        List<Long> unfinished = new ArrayList<>();
        List<Long> others = new ArrayList<>();
        for (String name : names) {
            StoragePath file = folder.spill().child(name);
            try {
                long group = SpilledFile.read(file).group().id();
                (ledger.unfinished().contains(group) ? unfinished : others).add(group);
            } catch (IOException | RuntimeException e) {
                damage(file, e).ifPresent(findings::add);
            }
        }
        String what = GROUPS + (unfinished.isEmpty() ? "" : " " + unfinished + ", unfinished by the ledger");
        if (!others.isEmpty())
            what += (unfinished.isEmpty() ? " " : "; ") + others + ", not unfinished: --resume removes them";
        findings.add(0, Finding.sound(what, unfinished.size() + others.size()));
        return findings;
    }

    /** Empty for a file that a running driver has removed meanwhile: its group has ended. */
    private static Optional<Finding> damage(StoragePath file, Exception why) {
        if (!file.exists()) return Optional.empty();
        String said = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
        return Optional.of(Finding.broken(GROUPS, 1, file.name() + ": " + said, CURE));
    }
}
