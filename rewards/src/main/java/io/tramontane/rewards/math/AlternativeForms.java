package io.tramontane.rewards.math;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference that gives one answer in two forms: {@code x<-7 : (-\infty,-7)}, {@code \frac12 (0.5)}, {@code \frac13
 * \text{ or about } 33.3\%}. Both forms are parsed; only where they are the same set or the same number does either
 * count as the answer. Applied to references only, never to a model's answer.
 */
final class AlternativeForms {
    private static final Pattern UNIT_OR = Pattern.compile("\\\\text\\{([a-zA-Z]+),? or\\}");
    private static final Pattern OR_ABOUT = Pattern.compile("\\\\text\\{or (?:about|approximately)\\} ?");
    private static final int MAX_CUTS = 8;
    private static final String SAYS =
            "(?:(?:\\\\text\\{)?(?:or|i\\.e\\.,?|that is,?|=|\\\\or|\\\\approx|about|approximately|or about|or approximately),?\\}? ?)";
    private static final Pattern IN_BRACKETS =
            Pattern.compile("(.*[^ ]) \\( ?" + SAYS + "{0,2} ?([^()]++)\\)( ?\\\\?[a-zA-Z% {}]*)");
    private static final Pattern SAID = Pattern.compile("^ ?" + SAYS + "{1,2}");

    private static final Pattern ABOUT = Pattern.compile(
            "(?i)(?:\\\\text\\{ ?)?(?:about|approximately|approx|around|roughly)\\b\\.?(?: ?\\})? ?(?=[-+0-9.\\\\(])");
    private static final Pattern ROUNDED = Pattern.compile(
            "(?i)[ ,]{0,3}+(?:\\\\text\\{ ?)?[ ,(]{0,3}+(?:approximately|approx\\.?|rounded(?: [a-z0-9 ]{1,40})?|(?:correct )?to the nearest [a-z]+"
                    + "|(?:correct )?to [a-z0-9]+ (?:decimal places?|significant figures|decimals|places)|exactly|only)\\)?(?: ?\\})?$");

    private AlternativeForms() {}

    /** The reference without words that only say how exact it is: {@code About 30.12}, {@code 3.14 (rounded)}. */
    static String withoutQualifier(String gold) {
        Matcher about = ABOUT.matcher(gold);
        String text = about.lookingAt() ? gold.substring(about.end()) : gold;
        Matcher rounded = ROUNDED.matcher(text);
        return rounded.find() && rounded.start() > 0
                ? text.substring(0, rounded.start()).strip()
                : text;
    }

    /** Both forms; empty when the reference has one. */
    static List<String> of(String reference) {
        String gold = reference;
        if (gold.contains("or")) {
            gold = UNIT_OR.matcher(gold).replaceAll("\\\\text{$1} \\\\or ");
            gold = gold.replace(" or ", " \\or ");
            gold = OR_ABOUT.matcher(gold).replaceAll("\\\\or \\\\approx ");
        }
        boolean sets = hasOrder(gold) && (gold.indexOf('(') >= 0 || gold.indexOf('[') >= 0);
        boolean list =
                gold.contains("\\or ") || gold.indexOf(';') >= 0 || gold.indexOf(',') >= 0 || gold.indexOf(':') >= 0;
        Matcher brackets =
                gold.endsWith(")") || gold.contains(") ") || gold.contains(")\\") ? IN_BRACKETS.matcher(gold) : null;
        if (brackets != null && brackets.matches()) {
            String unit = brackets.group(3);
            List<String> forms =
                    same(brackets.group(1) + unit, brackets.group(2).strip() + unit, false);
            if (!forms.isEmpty()) return forms;
        }
        if (!list && !sets) return List.of();
        for (int cut : cuts(gold)) {
            int length = gold.startsWith("\\or ", cut) ? 4 : 1;
            String second = gold.substring(cut + length);
            Matcher said = SAID.matcher(second);
            if (said.find()) second = second.substring(said.end());
            List<String> forms = same(gold.substring(0, cut).strip(), second.strip(), sets);
            if (!forms.isEmpty()) return forms;
        }
        return List.of();
    }

    private static boolean hasOrder(String text) {
        return text.indexOf('<') >= 0 || text.indexOf('>') >= 0 || text.contains("\\leq") || text.contains("\\geq");
    }

    /** Signs outside of brackets that may stand between two forms. */
    private static List<Integer> cuts(String text) {
        List<Integer> cuts = new ArrayList<>();
        int depth = 0;
        for (int i = 0; i < text.length() && cuts.size() < MAX_CUTS; i++) {
            char c = text.charAt(i);
            if ("([{".indexOf(c) >= 0) depth++;
            if (")]}".indexOf(c) >= 0) depth--;
            boolean set = c == '=' && text.startsWith("\\{");
            if (depth == 0 && (c == ':' || c == ';' || c == ',' || set || text.startsWith("\\or ", i))) cuts.add(i);
        }
        return cuts;
    }

    private static List<String> same(String first, String second, boolean sets) {
        if (first.isEmpty() || second.isEmpty() || TextRule.squeezed(first).equals(TextRule.squeezed(second)))
            return List.of();
        try {
            MathNode one = AnswerParser.read(first, CommaRules.USUAL);
            MathNode two = AnswerParser.read(second, CommaRules.USUAL);
            Budget budget = new Budget();
            boolean sameSet = sets
                    && SetReader.isSet(one)
                    && (SetReader.isSet(two) || two instanceof MathNode.Collection)
                    && SetReader.same(one, two, budget);
            SingleValues values = new SingleValues(budget);
            boolean sameNumber = values.isSameNumber(Chains.withoutUnit(one), Chains.withoutUnit(two));
            boolean measured = one instanceof MathNode.Quantity && two instanceof MathNode.Quantity;
            sameNumber |= measured && values.same(one, two) != null;
            if (sameSet || sameNumber) return List.of(first, second);
            boolean rounded = Chains.isDecimalOf(one, two, budget);
            return rounded ? List.of(first + " \\approx " + second) : List.of();
        } catch (UndecidableException unreadable) {
            return List.of();
        }
    }
}
