package io.tramontane.data.gym;

import io.tramontane.data.Problem.CodeLanguage;

/** How programs are written down. */
final class ProgramText {
    private ProgramText() {}

    /** A whole C++ program around the body of main. */
    static String cpp(String body) {
        String indented = body.lines().map(line -> "    " + line + "\n").reduce("", String::concat);
        return "#include <bits/stdc++.h>\nusing namespace std;\nint main() {\n" + indented + "}";
    }

    /** A program in a fence that names its language. */
    static String fenced(CodeLanguage language, String program) {
        return "```" + (language == CodeLanguage.PYTHON ? "python" : "cpp") + "\n" + program + "\n```";
    }

    /** The language as a question names it. */
    static String name(CodeLanguage language) {
        return language == CodeLanguage.PYTHON ? "Python" : "C++";
    }
}
