package io.tramontane.data.gym;

import java.util.List;

/** All kinds of programs that the gym asks for. Level 1 and 2 are one formula each. */
final class CodeTasks {
    private CodeTasks() {}

    private static final CodeTask AFFINE = new CodeTask(
            "affine",
            1,
            "n*{k}{c}",
            "n = int(input())\nprint(n*{k}{c})",
            "long long n;\ncin >> n;\ncout << n*{k}{c} << endl;",
            (test, dice) -> Integer.toString(number(test, dice)),
            (constants, in) -> Long.toString(in[0] * constants[0] + constants[2]));

    private static final CodeTask PAIR = new CodeTask(
            "pair",
            2,
            "a*{k}+b*{m}{c}",
            "a, b = map(int, input().split())\nprint(a*{k}+b*{m}{c})",
            "long long a, b;\ncin >> a >> b;\ncout << a*{k}+b*{m}{c} << endl;",
            (test, dice) -> number(test, dice) + " " + number(test, dice),
            (constants, in) -> Long.toString(in[0] * constants[0] + in[1] * constants[1] + constants[2]));

    static final List<CodeTask> ALL = List.of(AFFINE, PAIR);

    /** 0 and 1 in the first tests, then numbers of either sign that grow. */
    private static int number(int test, Dice dice) {
        if (test < 2) return test;
        int largest = test < 10 ? 20 : 10_000;
        return dice.between(-largest, largest);
    }
}
