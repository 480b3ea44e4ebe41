package io.tramontane.app.cli;

/**
 * One key of a config with its type, default, limits and meaning.
 *
 * @param path from the root, {@code trainer.loss.clipHigh}; a name that the user chooses is {@code <name>}
 * @param type in words; {@link #SECTION} where the key only holds others
 * @param defaultValue as {@code --dry-run} prints it; empty for a section
 * @param allowed the allowed values; empty where every value of the type is
 * @param meaning of the record's javadoc
 */
record ConfigKey(String path, String type, String defaultValue, String allowed, String meaning) {
    static final String SECTION = "section";

    boolean isSection() {
        return type.equals(SECTION);
    }

    /** True if {@code given} names this key; any name matches {@code <name>}. */
    boolean matches(String given) {
        String[] own = path.split("\\.");
        String[] other = given.split("\\.");
        if (own.length != other.length) return false;
        for (int i = 0; i < own.length; i++) if (!own[i].equals("<name>") && !own[i].equals(other[i])) return false;
        return true;
    }

    /** One line of the table, which {@link #ofLine} reads. */
    String line() {
        return String.join("\t", path, type, defaultValue, allowed, meaning);
    }

    static ConfigKey ofLine(String line) {
        String[] cells = line.split("\t", -1);
        return new ConfigKey(cells[0], cells[1], cells[2], cells[3], cells[4]);
    }
}
