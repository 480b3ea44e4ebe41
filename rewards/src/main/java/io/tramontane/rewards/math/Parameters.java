package io.tramontane.rewards.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites the domain of a parameter at the end of an answer, "(k an integer)", as a list element. */
final class Parameters {
    private static final String ADJECTIVES =
            "(?:(?:arbitrary|positive|negative|nonnegative|non-negative|natural|real|complex|fixed|whole|constant) )*";
    private static final String NOUN =
            "(integers?|real numbers?|reals|reals? constants?|constants?|numbers?|values? of)";
    private static final Pattern SAID =
            Pattern.compile("(?:where |for |with |and |given )?(any |all |some |every |each )?"
                    + "(?:" + ADJECTIVES + NOUN + " |(real |arbitrary |positive ))?([a-zA-Z])(?: (?:and )?([a-zA-Z]))?"
                    + "(?: ?\\\\in ([ZNRQC])(?: ?\\^ ?[+*])?)?(?: (?:is |are |being )?(?:an? |any |some )?" + ADJECTIVES
                    + NOUN + ")?");

    private static final Pattern SPEAKS =
            Pattern.compile("\\\\in |integer|\\\\forall|constant|\\b(?:for|where|any|all|every)\\b");

    private static final Pattern COMMAND = Pattern.compile("\\\\text\\{[^{}]*\\}|\\\\[a-zA-Z]+");

    private static final int MAX_LENGTH = 90;

    private Parameters() {}

    /** The answer with {@code , k \in \mathbb{Z}} at its end, or as it is. */
    static String listed(String cleaned) {
        if (!SPEAKS.matcher(cleaned).find()) return cleaned;
        String text = cleaned.replace("\\forall ", "\\text{for all} ");
        int from = Math.max(1, text.length() - MAX_LENGTH);
        for (int cut = from; cut < text.length(); cut++) {
            if (!mayStart(text, cut)) continue;
            Matcher said = SAID.matcher(flat(text.substring(cut)));
            if (!said.matches()) continue;
            String head = text.substring(0, cut).strip();
            if (head.isEmpty()) return cleaned;
            String listed = listed(head, said);
            if (listed != null) return listed;
        }
        return cleaned;
    }

    /** A whole number stays a condition; so does a parameter; the argument of a function needs none. */
    private static String listed(String head, Matcher said) {
        String noun = said.group(2) != null ? said.group(2) : said.group(7);
        String set = said.group(6);
        String letter = said.group(4);
        boolean integer = noun != null && noun.startsWith("integer");
        if (set == null && integer) set = "Z";
        boolean whole = set != null && "ZN".contains(set);
        if (whole && said.group(5) == null) return head + ", " + letter + " \\in \\mathbb {" + set + "}";
        boolean stated = set != null || noun != null || said.group(1) != null || said.group(3) != null;
        boolean used = COMMAND.matcher(head).replaceAll("").contains(letter);
        if (!stated || !used) return null;
        String other = said.group(5);
        if (other != null) return COMMAND.matcher(head).replaceAll("").contains(other) ? head : null;
        boolean argument = head.contains("(" + letter + ")");
        return argument ? head : head + ", " + letter + " \\in \\mathbb {" + (set == null ? "R" : set) + "}";
    }

    private static boolean mayStart(String text, int at) {
        return ",;( ".indexOf(text.charAt(at)) >= 0 || text.startsWith("\\text{", at);
    }

    private static String flat(String tail) {
        return tail.replace("\\text{", " ")
                .replace("\\mathbb ", "")
                .replaceAll("[,;(){}]", " ")
                .replaceAll(" +", " ")
                .strip();
    }
}
