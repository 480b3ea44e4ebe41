package io.tramontane.model.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Python's strftime for a given moment, in English. */
final class Dates {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('j', "DDD"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('e', "ppd"));

    private Dates() {}

    static String format(LocalDateTime now, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char code = format.charAt(++i);
            boolean bare = code == '-' && i + 1 < format.length();
            if (bare) code = format.charAt(++i);
            if (code == '%') text.append('%');
            else text.append(field(now, code, bare));
        }
        return text.toString();
    }

    private static String field(LocalDateTime now, char code, boolean bare) {
        String pattern = PATTERNS.get(code);
        if (pattern == null) throw new TemplateException("strftime_now: %" + code + " is not supported");
        String text = now.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
        return bare ? text.replaceFirst("^0+(?=.)", "") : text;
    }
}
