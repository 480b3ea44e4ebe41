package io.tramontane.app.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The counts of groups by outcome in the "end" row; they must add up.
 *
 * @param leased groups that a generator was ever given
 * @param trained groups that are in a batch
 * @param dropped groups by the reason for which they were dropped
 * @param inFlight groups that were still in flight when the run stopped
 * @param lost groups without any outcome
 * @param twice groups that ended more than once
 */
record LedgerAudit(long leased, long trained, Map<String, Long> dropped, long inFlight, long lost, long twice) {

    /** From the row's "ledger" object; a part may be a number, a list to be counted, or (dropped) numbers by reason. */
    static LedgerAudit of(Row ledger) {
        Map<String, Long> dropped = new LinkedHashMap<>();
        ledger.numbers("dropped").forEach((reason, groups) -> dropped.put(reason, groups.longValue()));
        long unexplained = count(ledger, "dropped");
        if (unexplained > 0) dropped.put("no reason given", unexplained);
        return new LedgerAudit(
                count(ledger, "leased"),
                count(ledger, "trained"),
                dropped,
                count(ledger, "inFlight"),
                count(ledger, "lost"),
                count(ledger, "twice"));
    }

    long droppedInAll() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** True when each leased group was trained once, dropped with a reason, or is still in flight. */
    boolean isExact() {
        return leased == trained + droppedInAll() + inFlight && lost == 0 && twice == 0;
    }

    /** The proof in one line. */
    String line() {
        String reasons = dropped.entrySet().stream()
                .map(entry ->
                        ReadableNumbers.words(entry.getKey()) + (dropped.size() == 1 ? "" : " " + entry.getValue()))
                .collect(Collectors.joining(", "));
        return leased + " groups leased = " + trained + " trained once + " + droppedInAll() + " dropped"
                + (reasons.isEmpty() ? "" : " (" + reasons + ")") + " + " + inFlight + " in flight at the stop; lost "
                + lost + ", twice " + twice;
    }

    private static long count(Row ledger, String name) {
        if (ledger.values().get(name) instanceof Collection<?> groups) return groups.size();
        double number = ledger.number(name);
        return Double.isFinite(number) ? (long) number : 0;
    }
}
