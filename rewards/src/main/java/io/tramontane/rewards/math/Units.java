package io.tramontane.rewards.math;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The words behind a number. Units that are known are converted; words that scale ({@code million}, {@code dozen}) are
 * multiplied in; other words are compared; and words that turn the number into something else make it unreadable.
 */
final class Units {
    static final Set<String> DEGREES = Set.of("degrees", "degree", "deg", "grad", "degr\u00E9s", "grados", "\u5EA6");
    static final Set<String> INTRODUCTION = Set.of(
            "the",
            "answer",
            "is",
            "are",
            "final",
            "total",
            "sum",
            "value",
            "therefore",
            "so",
            "thus",
            "equals",
            "area",
            "volume",
            "perimeter",
            "probability",
            "number",
            "of",
            "hence",
            "result",
            "solution",
            "solutions",
            "a",
            "an");
    private static final Set<String> CHANGING = Set.of(
            "or",
            "and",
            "more",
            "less",
            "fewer",
            "least",
            "most",
            "not",
            "than",
            "under",
            "below",
            "above",
            "about",
            "no",
            "never",
            "except",
            "squared",
            "cubed",
            "half",
            "halves",
            "third",
            "thirds",
            "quarter",
            "quarters",
            "fourths",
            "fifths",
            "sixths",
            "sevenths",
            "eighths",
            "ninths",
            "tenths",
            "hundredths",
            "thousandths",
            "plus",
            "minus",
            "times",
            "negative",
            "over",
            "divided",
            "if",
            "when",
            "for",
            "where",
            "unless",
            "without",
            "approximately",
            "roughly",
            "almost",
            "nearly",
            "either",
            "neither",
            "nor",
            "to",
            "but",
            "mod",
            "modulo",
            "base",
            "remainder",
            "percent",
            "point",
            "ou",
            "o",
            "oder",
            "\u6216",
            "plus de",
            "moins",
            "mehr",
            "weniger",
            "m\u00E1s",
            "menos",
            "pi",
            "root",
            "factorial",
            "false",
            "wrong",
            "power");
    private static final String CHANGING_CHARACTERS =
            "\u4E0D\u65E0\u7121\u975E\u6CA1\u6C92\u6216\u548C\u53CA\u4E0E\u7EA6\u81F3\u591A\u5C11\u4EE5\u9664\u4F59\u534A\u4E4B\u65B9\u6839\u8D1F\u8CA0\u9519\u8D85";
    private static final Map<String, Long> SCALES = new HashMap<>();
    /** Name to dimension and factor. */
    private static final Map<String, Unit> KNOWN = new HashMap<>();

    /** One known unit: how many of the dimension's first unit it is. */
    record Unit(String dimension, Rational factor) {}

    /**
     * Words behind a number, understood.
     *
     * @param scale what number words multiply by
     * @param factor how many of the dimension's first unit the unit is
     * @param dimension powers of the dimensions; "" when no unit is known
     * @param words all other words
     */
    record Meaning(Rational scale, Rational factor, String dimension, Set<String> words) {}

    static {
        scale(100, "hundred", "hundreds", "\u767E");
        scale(
                1000,
                "thousand",
                "thousands",
                "mille",
                "mil",
                "mila",
                "tausend",
                "\u5343",
                "\u0442\u044B\u0441\u044F\u0447");
        scale(10_000, "\u4E07");
        scale(1_000_000, "million", "millions", "millones", "mill\u00F3n", "milione", "milioni", "millionen");
        scale(100_000_000, "\u4EBF");
        scale(1_000_000_000, "billion", "billions", "milliard", "milliards", "milliarden", "miliardi");
        scale(1_000_000_000_000L, "trillion", "trillions");
        scale(12, "dozen", "dozens");
        known("m", 1, 1, "m", "meter", "meters", "metre", "metres");
        known("m", 1, 100, "cm", "centimeter", "centimeters", "centimetre", "centimetres");
        known("m", 1, 1000, "mm", "millimeter", "millimeters", "millimetre", "millimetres");
        known("m", 1, 10, "dm", "decimeter", "decimeters");
        known("m", 1000, 1, "km", "kilometer", "kilometers", "kilometre", "kilometres");
        known("m", 254, 10_000, "inch", "inches", "in");
        known("m", 3048, 10_000, "ft", "foot", "feet");
        known("m", 9144, 10_000, "yd", "yard", "yards");
        known("m", 1_609_344, 1000, "mi", "mile", "miles");
        known("g", 1, 1, "g", "gram", "grams");
        known("g", 1, 1000, "mg", "milligram", "milligrams");
        known("g", 1000, 1, "kg", "kilogram", "kilograms");
        known("s", 1, 1, "s", "sec", "secs", "second", "seconds");
        known("s", 60, 1, "min", "mins", "minute", "minutes");
        known("s", 3600, 1, "h", "hr", "hrs", "hour", "hours");
        known("s", 86_400, 1, "d", "day", "days");
        known("s", 604_800, 1, "week", "weeks");
        known("year", 1, 1, "year", "years", "yr", "yrs");
        known("year", 1, 12, "month", "months");
        known("dollar", 1, 1, "\\$", "dollar", "dollars", "usd");
        known("dollar", 1, 100, "cent", "cents");
        known("euro", 1, 1, "\u20AC", "euro", "euros", "eur");
        known("pound money", 1, 1, "\u00A3", "gbp");
        known("lb", 1, 1, "lb", "lbs", "pound", "pounds");
        known("lb", 1, 16, "oz", "ounce", "ounces");
        known("yuan", 1, 1, "\u00A5", "yuan", "\u5143");
        known("litre", 1, 1, "l", "liter", "liters", "litre", "litres");
        known("litre", 1, 1000, "ml", "milliliter", "milliliters", "millilitre", "millilitres");
        known("volt", 1, 1, "v", "volt", "volts");
        known("watt", 1, 1, "w", "watt", "watts");
        known("newton", 1, 1, "n", "newton", "newtons");
        known("joule", 1, 1, "j", "joule", "joules");
        known("hertz", 1, 1, "hz", "hertz");
        known("ampere", 1, 1, "a", "amp", "amps", "ampere", "amperes");
        known("coulomb", 1, 1, "c", "coulomb", "coulombs");
        known("kelvin", 1, 1, "k", "kelvin", "kelvins");
        known("farad", 1, 1, "f", "farad", "farads");
        known("tesla", 1, 1, "t", "tesla", "teslas");
        known("radian", 1, 1, "rad", "radian", "radians");
        known("celsius", 1, 1, "celsius", "centigrade");
        known("fahrenheit", 1, 1, "fahrenheit");
        known("unit", 1, 1, "unit", "units");
    }

    private Units() {}

    private static void scale(long factor, String... names) {
        for (String name : names) SCALES.put(name, factor);
    }

    private static void known(String dimension, long top, long bottom, String... names) {
        Unit unit = new Unit(dimension, Rational.of(top, bottom));
        for (String name : names) KNOWN.put(name, unit);
    }

    private static final Set<String> RATES = Set.of("mph", "kph", "kmh", "kmph", "rpm", "psi");
    private static final java.util.regex.Pattern MEGA =
            java.util.regex.Pattern.compile("\\bM(?=(?:W|J|N|V|Pa|Hz|eV|g|m|s|L|C|A|B)\\b)");

    /** Whether a run of letters without a backslash is a unit or number word. */
    static boolean isWord(String run) {
        String lower = run.toLowerCase(Locale.ROOT);
        if (lower.length() == 1 || lower.equals("in") || lower.equals("min")) return false;
        return RATES.contains(lower)
                || KNOWN.containsKey(lower)
                || SCALES.containsKey(lower)
                || lower.equals("pct")
                || lower.equals("deg");
    }

    /** Parses the words after a number; null when they may change its value. */
    static Meaning meaning(String text) {
        Rational scale = Rational.ONE;
        Rational factor = Rational.ONE;
        Map<String, Integer> dimensions = new HashMap<>();
        Set<String> words = new HashSet<>();
        int sign = 1;
        int power = 1;
        for (String piece : pieces(text)) {
            switch (piece) {
                case "/", "per" -> sign = -1;
                case "square", "sq" -> power = 2;
                case "cubic", "cu" -> power = 3;
                default -> {
                    int caret = piece.indexOf('^');
                    String word = caret < 0 ? piece : piece.substring(0, caret);
                    if (CHANGING.contains(word) || word.chars().anyMatch(Units::changes)) return null;
                    int times = caret < 0 ? power : exponent(piece.substring(caret + 1));
                    if (times == 0) return null;
                    Unit unit = KNOWN.get(word);
                    if (SCALES.containsKey(word)) scale = scale.times(Rational.of(SCALES.get(word)));
                    else if (unit == null) words.add(singular(word));
                    else {
                        Rational scaled = unit.factor().power(java.math.BigInteger.valueOf((long) sign * times));
                        factor = factor.times(scaled);
                        dimensions.merge(unit.dimension(), sign * times, Integer::sum);
                    }
                    power = 1;
                }
            }
        }
        dimensions.remove("unit");
        return new Meaning(
                scale, factor, dimensions.isEmpty() ? "" : new java.util.TreeMap<>(dimensions).toString(), words);
    }

    /** Digits, and characters of Chinese words such as "not", "at least", "or", "of", "power". */
    private static boolean changes(int character) {
        return Character.isDigit(character) || CHANGING_CHARACTERS.indexOf(character) >= 0;
    }

    private static int exponent(String text) {
        if (text.matches("-[1-9]")) return '0' - text.charAt(1);
        return text.matches("[1-9]") ? text.charAt(0) - '0' : 0;
    }

    private static List<String> pieces(String text) {
        String spaced = MEGA.matcher(text)
                .replaceAll("mega")
                .toLowerCase(Locale.ROOT)
                .replace("/", " / ")
                .replace("*", " ")
                .replaceAll("[.,()\\[\\]]|(?<!\\^)(?<!\\^\\{)-", " ")
                .replaceAll("\\b(?:degrees?|deg) (celsius|fahrenheit)\\b", "$1");
        spaced = spaced.replaceAll("\\bmph\\b", "mi / h").replaceAll("\\bkm?ph\\b|\\bkmh\\b", "km / h");
        spaced = spaced.replaceAll("\\s*\\^\\s*\\{?", "^")
                .replace("}", "")
                .replaceAll("[\u4E07\u4EBF\u5343\u767E]", " $0 ");
        spaced = spaced.replaceAll("\\\\\\$|[\u20AC\u00A3\u00A5]", " $0 ").strip();
        return spaced.isEmpty() ? List.of() : List.of(spaced.split("\\s+"));
    }

    private static String singular(String word) {
        return word.length() > 3 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    }
}
