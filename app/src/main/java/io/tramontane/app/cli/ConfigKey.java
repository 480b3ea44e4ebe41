package io.tramontane.app.cli;

/**
 * One key of a config and what is known about it.
 *
 * @param path from the root, {@code trainer.loss.clipHigh}; a name that the user chooses is {@code <name>}
 * @param type in words; {@link #SECTION} where the key only holds others
 * @param defaultValue as {@code --dry-run} prints it; empty for a section
 * @param allowed which values; empty where the type says it all
 * @param meaning of the record's javadoc
 */
record ConfigKey(String path, String type, String defaultValue, String allowed, String meaning) {
    static final String SECTION = "section";

    boolean isSection() {
        return type.equals(SECTION);
    }

    /** True for the key that a user means; a name of theirs stands for {@code <name>}. */
    boolean matches(String given) {
        String[] ours = path.split("\\.");
        String[] theirs = given.split("\\.");
        if (ours.length != theirs.length) return false;
        for (int i = 0; i < ours.length; i++) if (!ours[i].equals("<name>") && !ours[i].equals(theirs[i])) return false;
        return true;
    }

    /** One line of the table, {@link #ofLine} takes it back. */
    String line() {
        return String.join("\t", path, type, defaultValue, allowed, meaning);
    }

    static ConfigKey ofLine(String line) {
        String[] cells = line.split("\t", -1);
        return new ConfigKey(cells[0], cells[1], cells[2], cells[3], cells[4]);
    }
}
