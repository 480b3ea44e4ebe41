package io.tramontane.cluster.ledger;

/**
 * Who holds a group. A task that Spark starts again has the same name and a higher attempt: it is another holder.
 *
 * @param name role and number, for example "generator-0"
 * @param attempt grows with every start of the task
 */
public record Holder(String name, long attempt) {
    /** Refuses one without a name. */
    public Holder {
        if (name == null) throw new IllegalArgumentException("a holder without a name");
    }

    @Override
    public String toString() {
        return name + "#" + attempt;
    }
}
