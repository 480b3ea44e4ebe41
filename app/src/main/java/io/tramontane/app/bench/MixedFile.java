package io.tramontane.app.bench;

import io.tramontane.app.bench.MathsCorpus.Pair;
import io.tramontane.data.CompletionFiles;
import io.tramontane.data.CompletionRow;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.ProblemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A file of completions for benchmarks: maths in seven languages, eight completions a group, thoughts of about a thousand
 * characters; and programs, every one different, with twenty tests, four in Python for each in C++.
 */
final class MixedFile {
    private static final int GROUP = 8;
    private static final int CPP_EVERY = 5;
    private static final int THOUGHTS = 1_000;
    /** Language, statement, a thought, the answer's words. */
    private static final String[][] TEXTS = {
        {
            "en",
            "Find the value that the expression takes.",
            "First I write down what is given and then I simplify step by step. ",
            "The value we were looking for is"
        },
        {
            "fr",
            "Trouvez la valeur que prend cette expression.",
            "J'écris d'abord ce qui est donné, puis je simplifie pas à pas. ",
            "La valeur que nous cherchions est"
        },
        {
            "es",
            "Encuentra el valor que toma la expresión.",
            "Primero escribo lo que se da y luego simplifico paso a paso. ",
            "El valor que buscábamos es"
        },
        {
            "it",
            "Trova il valore che assume questa espressione.",
            "Prima scrivo quello che è dato e poi semplifico passo dopo passo. ",
            "Il valore che cercavamo è"
        },
        {
            "de",
            "Bestimme den Wert, den dieser Ausdruck annimmt.",
            "Zuerst schreibe ich auf, was gegeben ist, dann vereinfache ich Schritt für Schritt. ",
            "Der Wert, den wir gesucht haben, ist"
        },
        {"zh", "求这个表达式的值。", "首先写下已知条件，然后一步一步地化简。", "我们要求的值是"},
        {
            "ru",
            "Найдите значение этого выражения.",
            "Сначала я записываю то, что дано, а затем упрощаю шаг за шагом. ",
            "Значение, которое мы искали, равно"
        },
    };

    private MixedFile() {}

    /** Writes {@code P.jsonl} and {@code C.jsonl}; programs are spread over the file. */
    static void write(Path folder, int maths, int programs) throws IOException {
        List<Pair> pairs = MathsCorpus.read();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++)
            problems.add(Problem.math(
                    "m" + i, language(i)[0], language(i)[1], pairs.get(i).reference(), Map.of()));
        for (CodeLanguage language : CodeLanguage.values()) problems.add(sum(language));
        ProblemFiles.write(folder.resolve("P.jsonl"), problems);
        int every = programs == 0 ? Integer.MAX_VALUE : Math.max(1, (maths + programs) / programs);
        Iterable<CompletionRow> rows = () -> rows(pairs, maths + programs, every);
        CompletionFiles.write(folder.resolve("C.jsonl"), rows);
    }

    private static Iterator<CompletionRow> rows(List<Pair> pairs, int count, int every) {
        return IntStream.range(0, count)
                .mapToObj(i -> i % every == every - 1 ? program(i / every) : maths(pairs, i))
                .iterator();
    }

    private static CompletionRow maths(List<Pair> pairs, int row) {
        int number = row / GROUP % pairs.size();
        String[] text = language(number);
        String thoughts = text[2].repeat(THOUGHTS / text[2].length() + 1);
        String completion = "<think>" + thoughts + "</think>\n" + text[3] + " $\\boxed{"
                + pairs.get(number).answer() + "}$";
        return new CompletionRow("m" + number, row / GROUP, completion, 300, Map.of());
    }

    private static CompletionRow program(int number) {
        boolean cpp = number % CPP_EVERY == 0;
        String source = cpp
                ? "```cpp\n#include <bits/stdc++.h>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b; } // "
                        + number
                : "```python\na, b = map(int, input().split())\nprint(a + b)  # " + number;
        return new CompletionRow(
                cpp ? "cpp" : "python",
                number,
                "<think>I read both numbers and print their sum.</think>\nThis program does it.\n" + source + "\n```\n",
                80,
                Map.of());
    }

    private static Problem sum(CodeLanguage language) {
        List<TestCase> tests = new ArrayList<>();
        for (int i = 0; i < 20; i++) tests.add(new TestCase(i + " " + 2 * i + "\n", 3 * i + "\n"));
        String id = language == CodeLanguage.CPP ? "cpp" : "python";
        return Problem.code(id, "en", "Read two numbers and print their sum.", language, tests, Map.of());
    }

    private static String[] language(int number) {
        return TEXTS[number % TEXTS.length];
    }
}
