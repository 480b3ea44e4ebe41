package io.tramontane.rewards.math;

import java.util.HashMap;
import java.util.Map;

/** Unicode mathematics as LaTeX. */
final class Symbols {
    private static final Map<Character, String> LATEX = new HashMap<>();

    static {
        put("\u2212\u2013\u2014\uFF0D\u2011", "-");
        put("\u00D7\u00B7\u22C5\u2217\u2219", "*");
        put("\u00F7\u2215\uFF0F", "/");
        put("\uFF05", "%");
        put("~\u00A0\u2009\u202F\t\n\r\u3000\u200A\u2002\u2003", " ");
        put("\u200B\u2061\u2062\u200C\uFEFF", "");
        put("\uFF0C\u3001", ",");
        put("\uFF1B", ";");
        put("\uFF1A", ":");
        put("\uFF08", "(");
        put("\uFF09", ")");
        put("\uFF5B", "\\{");
        put("\uFF5D", "\\}");
        put("\uFF3B", "[");
        put("\uFF3D", "]");
        put("\u3002\uFF0E", ".");
        put("\uFF1D", "=");
        put("\uFF0B", "+");
        put("\uFF1C", "<");
        put("\uFF1E", ">");
        put("\u2264\u2A7D", "\\leq ");
        put("\u2265\u2A7E", "\\geq ");
        put("\u2260", "\\neq ");
        put("\u2248\u2243", "\\approx ");
        put("\u2261", "\\equiv ");
        put("\u2208", "\\in ");
        put("\u221E", "\\infty ");
        put("\u03C0", "\\pi ");
        put("\u221A", "\\sqrt ");
        put("\u222A", "\\cup ");
        put("\u2229", "\\cap ");
        put("\u2216", "\\setminus ");
        put("\u00B1", "\\pm ");
        put("\u2213", "\\mp ");
        put("\u2205", "\\varnothing ");
        put("\u211D", "\\mathbb{R}");
        put("\u2124", "\\mathbb{Z}");
        put("\u2026\u22EF", "\\ldots ");
        put("\u2032\u2019", "'");
        put("\u2016", "\\|");
        put("\u27E8", "\\langle ");
        put("\u27E9", "\\rangle ");
        put("\u00BD", "\\frac{1}{2}");
        put("\u00BC", "\\frac{1}{4}");
        put("\u00BE", "\\frac{3}{4}");
        put("\u2153", "\\frac{1}{3}");
        put("\u2154", "\\frac{2}{3}");
        String powers = "\u2070\u00B9\u00B2\u00B3\u2074\u2075\u2076\u2077\u2078\u2079";
        String subscripts = "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089";
        for (int digit = 0; digit < 10; digit++) {
            LATEX.put(powers.charAt(digit), "^{" + digit + "}");
            LATEX.put(subscripts.charAt(digit), "_{" + digit + "}");
            LATEX.put((char) ('\uFF10' + digit), String.valueOf(digit));
        }
        String[] greek = {
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
            "xi", null, "pi", "rho", null, "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"
        };
        for (int i = 0; i < greek.length; i++)
            if (greek[i] != null) put(String.valueOf((char) ('\u03B1' + i)), "\\" + greek[i] + " ");
        put("\u0394", "\\Delta ");
        put("\u03A9", "\\Omega ");
    }

    private Symbols() {}

    private static void put(String characters, String latex) {
        for (char c : characters.toCharArray()) LATEX.put(c, latex);
    }

    static String latex(char c) {
        if (c < 0x80 && c != '~' && c != '\t' && c != '\n' && c != '\r') return String.valueOf(c);
        return LATEX.getOrDefault(c, String.valueOf(c));
    }
}
