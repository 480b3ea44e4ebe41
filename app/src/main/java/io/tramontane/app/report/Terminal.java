package io.tramontane.app.report;

import java.util.Map;

/**
 * Capabilities of the console.
 *
 * @param interactive a line can be rewritten in place
 * @param colour escape sequences for colour are allowed (https://no-color.org)
 * @param columns width in characters
 */
public record Terminal(boolean interactive, boolean colour, int columns) {
    private static final int USUAL_COLUMNS = 80;

    /** Of this process. */
    public static Terminal detect() {
        return of(System.getenv(), System.console() != null);
    }

    static Terminal of(Map<String, String> environment, boolean console) {
        boolean interactive = console && !"dumb".equals(environment.get("TERM"));
        boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(interactive, colour, columns(environment.getOrDefault("COLUMNS", "")));
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** COLUMNS as the shell or the launcher exports it. */
    private static int columns(String text) {
        return text.matches("\\d{1,4}") ? Math.max(40, Integer.parseInt(text)) : USUAL_COLUMNS;
    }
}
