package io.tramontane.rewards.math;

import java.util.ArrayList;
import java.util.List;

/** Answers that try to make a check slow or large: towers of powers, deep nesting, long lists, huge numbers, odd characters. */
final class OversizedAnswers {
    private static final String[][] NESTS = {
        {"2^{", "2", "}"},
        {"x^{", "x", "}"},
        {"(", "3!", ")!"},
        {"\\sqrt{1+", "x", "}"},
        {"\\frac{1}{1+", "x", "}"},
        {"\\ln(", "x", ")"},
        {"|", "x", "|"},
        {"\\{", "1", "\\}"},
        {"(", "1,2", ")"},
        {"\\binom{", "9", "}{3}"},
        {"\\lfloor ", "x", " \\rfloor"},
        {"\\sum_{k=1}^{200} ", "k^2", ""},
        {"\\sum_{k=1}^{", "5", "} k"},
        {"\\begin{vmatrix}1&2&3&4\\\\5&6&7&8\\\\9&1&2&3\\\\4&5&6&", "7", "\\end{vmatrix}"},
        {"{", "n \\choose k", "}"},
        {"{1 \\over ", "2", "}"},
        {"{x|", "x", "}"},
        {"\\operatorname{cis}(", "1", ")"},
        {"x^{", "\\frac{1}{2}", "}"}
    };
    private static final String[] REPEATED = {
        "(x+1)^{59}",
        "\\binom{3000}{1500}+",
        "\\begin{pmatrix}1&x\\\\1&2\\end{pmatrix}",
        "\\sin x+",
        "\\sqrt{7}+",
        "\\frac{1}{97}",
        "(3000!)^n+",
        "x ",
        "x,",
        "\\pm 1,",
        "[0,1]\\cup",
        "x\\ne1,",
        "|x-1|<2\\text{ and }",
        "1:",
        "5\\text{ m}",
        "FF_{16}",
        "(A) ",
        "k\\in Z ",
        "for any integer ",
        "\\text{or}",
        "\u6216x",
        "\ud83d\ude00",
        "\u221A",
        "\u00B2",
        "\u202E5",
        "\\frac{",
        "\\left(",
        "\\begin{pmatrix}",
        "\\approx ",
        "+-",
        "!",
        "'",
        "_1",
        "/y"
    };

    private OversizedAnswers() {}

    /** All of them, grown to each of the heights. */
    static List<String> of(int... heights) {
        List<String> towers = new ArrayList<>();
        for (int height : heights) {
            for (String[] nest : NESTS) towers.add(nest[0].repeat(height) + nest[1] + nest[2].repeat(height));
            for (String piece : REPEATED) towers.add(piece.repeat(height) + "1");
            towers.add("(A) " + "x ".repeat(height) + "B");
            towers.add("x" + ", k\\in\\mathbb{Z}".repeat(height));
            towers.add("\\{" + "\\sqrt{x},".repeat(height) + "y\\}");
            towers.add("9".repeat(height) + "^{" + "9".repeat(height) + "}");
            towers.add("\\sqrt[" + height + "]{" + "7".repeat(height) + "}");
            towers.add("\\gcd(" + "12,".repeat(height) + "18)");
        }
        return towers;
    }

    /** What is large at once. */
    static List<String> wide() {
        return List.of(
                "9".repeat(100_000),
                "(".repeat(100_000),
                " ".repeat(100_000) + "5",
                "\u6216".repeat(100_000),
                "\\sqrt{" + "7".repeat(2900) + "}",
                "\\ln(" + "7".repeat(2900) + ")",
                "1/" + "7".repeat(2900) + "+1/" + "3".repeat(1000),
                "\\binom{4294967295}{1000}",
                "\\prod_{k=1}^{200} k^{k}",
                "\\sum_{k=1}^{200} \\frac{1}{k^{20}}",
                "\\sum_{k=1}^{100} k^x",
                "\\sum_{k=1}^{150} \\frac{1}{x+k}",
                ", ".repeat(1990) + "k\\in Z");
    }
}
