package io.tramontane.rewards.math;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of mathematics that this verifier knows, in LaTeX and in plain text. */
final class Names {
    /** Functions of one argument, which may stand without parentheses. */
    static final Set<String> FUNCTIONS = Set.of(
            "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot", "sinh", "cosh", "tanh",
            "coth", "sech", "csch", "arcsinh", "arccosh", "arctanh", "ln", "log", "lg", "exp", "cis");
    /** Functions whose arguments stand in parentheses. */
    static final Set<String> LISTED = Set.of("gcd", "lcm", "min", "max", "abs", "floor", "ceil", "cbrt", "binom");
    /** Other spellings of functions and constants. */
    private static final Map<String, String> OTHER_SPELLINGS = new HashMap<>();

    static final Set<String> GREEK = Set.of(
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "varepsilon",
            "zeta",
            "eta",
            "theta",
            "vartheta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "varphi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "Pi",
            "Sigma",
            "Phi",
            "Psi",
            "Omega",
            "pi");
    static final Map<String, String> RELATIONS = Map.ofEntries(
            Map.entry("leq", "<="),
            Map.entry("geq", ">="),
            Map.entry("neq", "!="),
            Map.entry("approx", "~"),
            Map.entry("simeq", "~"),
            Map.entry("sim", "~"),
            Map.entry("doteq", "~"),
            Map.entry("in", "in"),
            Map.entry("equiv", "equiv"),
            Map.entry("Rightarrow", "=>"),
            Map.entry("implies", "=>"),
            Map.entry("iff", "=>"),
            Map.entry("Leftrightarrow", "=>"),
            Map.entry("Longrightarrow", "=>"),
            Map.entry("Longleftrightarrow", "=>"),
            Map.entry("therefore", "=>"),
            Map.entry("to", "to"),
            Map.entry("rightarrow", "to"),
            Map.entry("longrightarrow", "to"),
            Map.entry("mapsto", "to"));
    /** Words that end a list item; the second is what they mean. */
    static final Map<String, String> CONNECTORS = Map.ofEntries(
            Map.entry("and", "and"),
            Map.entry("or", "or"),
            Map.entry("et", "and"),
            Map.entry("ou", "or"),
            Map.entry("und", "and"),
            Map.entry("oder", "or"),
            Map.entry("o", "or"),
            Map.entry("\u548C", "and"),
            Map.entry("\u6216", "or"),
            Map.entry("\u6216\u8005", "or"),
            Map.entry("\u0438", "and"),
            Map.entry("\u0438\u043B\u0438", "or"));

    private static final List<String> PREFIXES = List.of(
            "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc",
            "log", "ln", "pi");

    static {
        String[] pairs = {
            "asin arcsin",
            "acos arccos",
            "atan arctan",
            "acot arccot",
            "cosec csc",
            "tg tan",
            "ctg cot",
            "cotg cot",
            "arctg arctan",
            "arcctg arccot",
            "sh sinh",
            "ch cosh",
            "th tanh",
            "inf infty",
            "infinity infty",
            "oo infty",
            "ceiling ceil",
            "sqrt sqrt",
            "Re re",
            "Im im",
            "arg arg",
            "frac frac",
            "arsinh arcsinh",
            "arcosh arccosh",
            "artanh arctanh",
            "asinh arcsinh",
            "acosh arccosh",
            "atanh arctanh"
        };
        for (String pair : pairs) OTHER_SPELLINGS.put(pair.split(" ")[0], pair.split(" ")[1]);
    }

    private Names() {}

    /** The one name of a function or constant spelt as {@code word}; null when it is none. */
    static String known(String word) {
        if (FUNCTIONS.contains(word) || LISTED.contains(word) || GREEK.contains(word)) return word;
        return OTHER_SPELLINGS.get(word);
    }

    /** The function or constant that the word starts with, for {@code sinx} and {@code pir}; null when there is none. */
    static String prefix(String word) {
        for (String name : PREFIXES) if (word.startsWith(name)) return name;
        return null;
    }
}
