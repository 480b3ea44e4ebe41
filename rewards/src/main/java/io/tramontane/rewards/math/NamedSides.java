package io.tramontane.rewards.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds left sides that name a quantity by more than a letter, {@code P(A|B)=}, {@code \det A=}, {@code \frac{dy}{dx}=},
 * and makes one name of each. A letter before brackets is only such a name where the brackets can be no factor: they
 * hold a comma, a bar, a relation, or capitals.
 */
final class NamedSides {
    private static final String ROUND = "\\((?:[^()]++|\\((?:[^()]++|\\([^()]*+\\))*+\\))*+\\)";
    private static final String BRACKETS =
            "(?:" + ROUND + "|\\\\\\{[^{}\\\\]*+\\\\\\}|\\[(?:[^\\[\\]]++|\\[[^\\[\\]]*+\\])*+\\])";
    private static final String SCRIPT = "(?: ?[_^] ?(?:\\{(?:[^{}]++|\\{[^{}]*+\\})*+\\}|\\\\?[a-zA-Z]++|[0-9]))*+'*+";
    private static final String ARGUMENT =
            "(?: ?" + BRACKETS + "| ?\\{? ?\\\\?(?:vec )?[a-zA-Z]{1,6}" + SCRIPT + " ?\\}?(?: ?" + ROUND + ")?)";
    private static final String LETTER =
            "(?:\\\\vecE|\\\\?[a-zA-Z]+|\\\\mathbb ?\\{?[A-Z]\\}?|\\\\text ?\\{[a-zA-Z]{1,14}\\})";

    private static final String FUNCTION = "[f-hpqrsuvF-H]'*";

    private static final Pattern APPLIED = Pattern.compile("(" + LETTER + ")(" + SCRIPT + ") ?(" + BRACKETS + ")");
    private static final Pattern COMMAND = Pattern.compile(
            "(?:\\\\(?:det|dim|ker|deg|Pr|gcd|lcm|max|min|sup|inf|Re|Im|re|im|arg|mathbb ?\\{?[EPVD]\\}?|text ?\\{[a-zA-Z]{1,14}\\}) ?)+"
                    + SCRIPT + ARGUMENT);
    private static final Pattern COMPOSED =
            Pattern.compile("\\( ?(?:" + FUNCTION + " ?(?:\\\\circ|[-+*/])? ?" + FUNCTION + "|\\\\frac ?\\{ ?"
                    + FUNCTION + " ?\\} ?\\{ ?" + FUNCTION + " ?\\}) ?\\) ?\\( ?(?:-?\\d+|\\\\?[a-z]+) ?\\)");
    private static final Pattern SLASHED = Pattern.compile(
            "(d|\\\\partial )(\\^\\{?\\d\\}?)? ?(\\\\?[a-zA-Z]+)? ?/ ?(?:d|\\\\partial )([a-z])(\\^\\{?\\d\\}?)?");
    private static final Pattern STACKED = Pattern.compile(
            "\\\\frac ?\\{ ?(d|\\\\partial) ?(\\^ ?\\{?\\d\\}?)? ?(\\\\?[a-zA-Z]?) ?\\} ?\\{ ?(?:d|\\\\partial) ?(\\\\?[a-zA-Z]+) ?(\\^ ?\\{?\\d\\}?)? ?\\}"
                    + " ?(" + BRACKETS + "|[a-zA-Z](?: ?" + ROUND + ")?)?(?: ?\\| ?_ ?\\{[^{}]*+\\})?");
    private static final Pattern FIGURE = Pattern.compile(
            "(?:m|\\\\text ?\\{m\\})? ?\\\\(?:angle|measuredangle) ?\\{?[A-Z0-9]{1,3}\\}?|\\[ ?[A-Z]{3,6} ?\\]|\\\\sigma ?\\^ ?\\{?2\\}?(?:_[a-zA-Z])?"
                    + "|\\\\nabla ?[*]? ?\\\\?[a-zA-Z]+(?: ?" + ROUND
                    + ")?|\\|[^|=]*\\\\(?:cup|cap|setminus)[^|=]*\\|");
    private static final Pattern NOT_A_FACTOR = Pattern.compile(
            ".*(?:,|\\||\\\\mid|\\\\leq|\\\\geq|\\\\neq|<|>|=|\\\\cap|\\\\cup|\\\\and|\\\\or|\\\\bar|\\\\overline|\\\\text|[A-Z]|[a-z]{3} |^\\(-?\\d+(?:\\.\\d+)?\\)$).*");

    private static final Pattern PLAIN_ARGUMENTS = Pattern.compile("[(\\[][-+a-z0-9\\\\,_{}'.]*[)\\]]");

    /** Functions that compute a number from numbers: then it is no name. */
    private static final Pattern COMPUTES = Pattern.compile("\\\\(?:gcd|lcm|max|min|re|im|arg|Re|Im)[^a-zA-Z]*");

    private NamedSides() {}

    /** The text with {@code \named{..}} for every such left side. */
    static String marked(String cleaned) {
        int sign = nextSign(cleaned, 0);
        if (sign < 0) return cleaned;
        StringBuilder out = new StringBuilder(cleaned.length() + 16);
        int start = 0;
        int depth = 0;
        for (int i = 0; i < cleaned.length(); i++) {
            char c = cleaned.charAt(i);
            if ("([{".indexOf(c) >= 0) depth++;
            if (")]}".indexOf(c) >= 0) depth = Math.max(0, depth - 1);
            boolean connector = cleaned.startsWith("\\and ", i) || cleaned.startsWith("\\or ", i);
            if (depth > 0 || c != ',' && c != ';' && !connector) continue;
            int end = i + (connector ? cleaned.indexOf(' ', i) - i : 1);
            out.append(item(cleaned.substring(start, i))).append(cleaned, i, end);
            start = end;
            i = end - 1;
        }
        return start == 0
                ? item(cleaned)
                : out.append(item(cleaned.substring(start))).toString();
    }

    private static int nextSign(String text, int from) {
        int equal = text.indexOf('=', from);
        int approximate = text.indexOf("\\approx", from);
        return equal < 0 ? approximate : approximate < 0 ? equal : Math.min(equal, approximate);
    }

    private static String item(String item) {
        if (item.isEmpty()) return item;
        int from = 0;
        while (from < item.length() && item.charAt(from) == ' ') from++;
        for (Pattern pattern : new Pattern[] {SLASHED, STACKED, COMPOSED, FIGURE, APPLIED, COMMAND}) {
            Matcher matcher = pattern.matcher(item);
            matcher.region(from, item.length());
            if (!matcher.lookingAt() || !isSign(item, matcher.end())) continue;
            String name = name(pattern, matcher);
            if (name != null) return " \\named{" + name + "} " + item.substring(matcher.end());
        }
        return item;
    }

    private static boolean isSign(String item, int at) {
        int sign = at;
        while (sign < item.length() && item.charAt(sign) == ' ') sign++;
        return item.startsWith("=", sign) || item.startsWith("\\approx", sign);
    }

    private static String name(Pattern pattern, Matcher found) {
        String name = found.group().replaceAll("\\\\mid ?", "|").replaceAll("\\\\text ?\\{([a-zA-Z]+)\\}", "$1");
        name = name.replaceAll("[ {}]", "").replace("mathbb", "").replace("\\", "");
        if (pattern == SLASHED || pattern == STACKED) return derivative(pattern, found, name);
        if (pattern == FIGURE) return name.replaceFirst("^m?(?:measured)?angle", "angle");
        if (pattern == COMMAND)
            return COMPUTES.matcher(found.group()).matches() ? null : name.replaceAll("\\(([A-Za-z0-9]+)\\)$", "$1");
        if (pattern != APPLIED) return name;
        String head = found.group(1);
        String arguments = found.group(3);
        boolean word = head.startsWith("\\text") || head.equals("\\vecE") || head.startsWith("\\mathbb");
        boolean letter = head.length() == 1 || Names.GREEK.contains(head.replace("\\", "")) && !head.equals("\\pi");
        boolean single = letter && head.matches("[fgh]") && arguments.startsWith("(");
        if (single || !word && !(letter && NOT_A_FACTOR.matcher(arguments).matches())) return null;
        String plain = arguments.replace(" ", "");
        boolean function = letter
                && plain.indexOf(',') > 0
                && PLAIN_ARGUMENTS.matcher(plain).matches();
        if (function) return name.substring(0, name.indexOf(arguments.charAt(0)));
        return arguments.startsWith("[") ? name.replaceFirst("\\[", "(").replaceFirst("\\]$", ")") : name;
    }

    /** {@code dy/dx} is y', whatever it is derived by. */
    private static String derivative(Pattern pattern, Matcher found, String name) {
        String order = found.group(2);
        String of = found.group(3);
        if (pattern == STACKED && found.group(6) != null) of = found.group(6);
        boolean simple = !found.group(1).contains("partial") && of != null && of.matches("[a-zA-Z]");
        boolean time = found.group(4).equals("x") || found.group(4).equals("t");
        if (order != null && !order.matches(".*2.*")) return name;
        return simple && time ? of + (order == null ? "'" : "''") : name.replaceFirst("^frac", "");
    }
}
