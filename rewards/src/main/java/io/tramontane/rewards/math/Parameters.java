package io.tramontane.rewards.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings what is said of a letter at the end of an answer, "(k an integer)", into the one form of a list element. */
final class Parameters {
    private static final Pattern SAID =
            Pattern.compile("(?:where |for |with |and )?(?:any |all |some |every |each )?(?:(integers?) )?([a-zA-Z])"
                    + "(?: ?\\\\in ([ZN]))?(?: (?:is |are )?(?:an? |any |some )?(integers?))?");

    private static final int MAX_LENGTH = 90;

    private Parameters() {}

    /** The answer with {@code , k \in \mathbb{Z}} at its end, or as it is. */
    static String listed(String cleaned) {
        if (!cleaned.contains("\\in ") && !cleaned.contains("integer")) return cleaned;
        int from = Math.max(1, cleaned.length() - MAX_LENGTH);
        for (int cut = from; cut < cleaned.length(); cut++) {
            if (!mayStart(cleaned, cut)) continue;
            Matcher said = SAID.matcher(flat(cleaned.substring(cut)));
            if (!said.matches()) continue;
            boolean integer = said.group(1) != null || said.group(4) != null;
            if (said.group(3) == null && !integer) continue;
            String head = cleaned.substring(0, cut).strip();
            if (head.isEmpty()) return cleaned;
            String set = said.group(3) == null ? "Z" : said.group(3);
            return head + ", " + said.group(2) + " \\in \\mathbb {" + set + "}";
        }
        return cleaned;
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
