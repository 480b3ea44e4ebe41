package io.tramontane.rewards.math;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ten ways to make a wrong answer from a right one. Each changes one place; a rule that finds none says nothing. */
final class Mutations {
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern PLAIN = Pattern.compile("-?\\d+(?:\\.\\d+)?");
    private static final Pattern BINARY = Pattern.compile("(?<=[0-9a-zA-Z})\\]] ?)[-+](?= ?[0-9a-zA-Z\\\\({])");
    private static final Pattern POWER = Pattern.compile("\\^(\\{?)(\\d+)");
    private static final Pattern UNIT = Pattern.compile(
            "\\b(cm|km|mm|m|kg|g|s|min|h|hours?|minutes?|inches|feet|ft|dollars|cents|miles)\\b(?=[^(]*$)");
    private static final Map<String, String> OTHER_SIGNS = Map.of("<", ">", ">", "<", "\\le", "\\ge", "\\ge", "\\le");

    private Mutations() {}

    /** Rule and mutated text. */
    static Map<String, String> of(String gold) {
        Map<String, String> all = new LinkedHashMap<>();
        boolean number = PLAIN.matcher(gold).matches();
        put(all, gold, "sign", gold.startsWith("-") ? gold.substring(1) : number ? "-" + gold : "-(" + gold + ")");
        put(all, gold, "digit", number(gold, false, digits -> digits.add(BigInteger.valueOf(3))));
        put(all, gold, "factor", number ? gold + "\\cdot 10" : "2(" + gold + ")");
        put(all, gold, "off by one", number(gold, true, digits -> digits.add(BigInteger.ONE)));
        put(all, gold, "operator", first(BINARY, gold, sign -> sign.equals("+") ? "-" : "+"));
        put(all, gold, "exponent", number ? gold + "^2" : power(gold));
        put(
                all,
                gold,
                "unit",
                gold.matches(".*\\d.*") ? first(UNIT, gold, unit -> unit.equals("kg") ? "g" : "kg") : null);
        put(all, gold, "bound", bound(gold));
        put(all, gold, "dropped", number ? dropped(gold) : elements(gold, true));
        put(all, gold, "swapped", number ? transposed(gold) : gold.startsWith("(") ? elements(gold, false) : null);
        return all;
    }

    private static void put(Map<String, String> all, String gold, String rule, String mutated) {
        if (mutated != null && !mutated.equals(gold)) all.put(rule, mutated);
    }

    private static String first(Pattern pattern, String text, java.util.function.UnaryOperator<String> change) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) return null;
        return text.substring(0, matcher.start()) + change.apply(matcher.group()) + text.substring(matcher.end());
    }

    private static String number(String text, boolean last, java.util.function.UnaryOperator<BigInteger> change) {
        Matcher matcher = DIGITS.matcher(text);
        String changed = null;
        while (matcher.find() && (changed == null || last))
            changed = text.substring(0, matcher.start())
                    + change.apply(new BigInteger(matcher.group()))
                    + text.substring(matcher.end());
        return changed;
    }

    private static String power(String gold) {
        Matcher matcher = POWER.matcher(gold);
        if (!matcher.find()) return null;
        String raised = new BigInteger(matcher.group(2)).add(BigInteger.ONE).toString();
        return gold.substring(0, matcher.start(2)) + raised + gold.substring(matcher.end(2));
    }

    /** An open end for a closed one, or a relation turned round. */
    private static String bound(String gold) {
        if (gold.startsWith("[")) return "(" + gold.substring(1);
        if (gold.endsWith("]")) return gold.substring(0, gold.length() - 1) + ")";
        return first(Pattern.compile("<|>|\\\\le(?![a-zA-Z])|\\\\ge(?![a-zA-Z])"), gold, OTHER_SIGNS::get);
    }

    /** Without its second digit, or its first and only one before the point. */
    private static String dropped(String number) {
        int digit = number.startsWith("-") ? 1 : 0;
        int drop = digit + 1 < number.length() && Character.isDigit(number.charAt(digit + 1)) ? digit + 1 : digit;
        String rest = number.substring(0, drop) + number.substring(drop + 1);
        return rest.matches("-?\\d.*") ? rest : null;
    }

    private static String transposed(String number) {
        for (int i = number.length() - 2; i >= 0; i--)
            if (Character.isDigit(number.charAt(i))
                    && Character.isDigit(number.charAt(i + 1))
                    && number.charAt(i) != number.charAt(i + 1))
                return number.substring(0, i) + number.charAt(i + 1) + number.charAt(i) + number.substring(i + 2);
        return null;
    }

    /** Without the first element, or with the first two in the other order. */
    private static String elements(String gold, boolean drop) {
        List<Integer> commas = new ArrayList<>();
        int base = gold.matches("(?s)[(\\[].*[)\\]]") ? 1 : gold.matches("(?s)\\\\\\{.*\\\\}") ? 2 : 0;
        int depth = 0;
        for (int i = base; i < gold.length() - base; i++) {
            char c = gold.charAt(i);
            if ("([{".indexOf(c) >= 0) depth++;
            if (")]}".indexOf(c) >= 0) depth--;
            if (c == ',' && depth == 0) commas.add(i);
        }
        if (commas.isEmpty()) return null;
        String one = gold.substring(base, commas.get(0)).strip();
        int end = commas.size() > 1 ? commas.get(1) : gold.length() - base;
        String two = gold.substring(commas.get(0) + 1, end).strip();
        String rest = gold.substring(end);
        return gold.substring(0, base) + (drop ? two : two + ", " + one) + rest;
    }
}
