package io.tramontane.data.gym;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * All kinds of programs that the gym asks for, two for most levels. Levels 1 and 2 are one formula, which a policy of a
 * million parameters can copy; from level 3 on there is something to work out.
 */
final class CodeTasks {
    private static final String READ_LIST_PYTHON = "n = int(input())\na = list(map(int, input().split()))\n";
    private static final String READ_LIST_CPP =
            "int n;\ncin >> n;\nvector<long long> a(n);\nfor (auto &x : a) cin >> x;\n";

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

    private static final CodeTask TOTAL = new CodeTask(
            "total",
            3,
            "s*{k}{c}",
            READ_LIST_PYTHON + "s = sum(a)\nprint(s*{k}{c})",
            READ_LIST_CPP + "long long s = 0;\nfor (auto x : a) s += x;\ncout << s*{k}{c} << endl;",
            (test, dice) -> list(test, dice, -1000, 1),
            (constants, in) -> Long.toString(tail(in).sum() * constants[0] + constants[2]));

    private static final CodeTask ABOVE = new CodeTask(
            "above",
            3,
            "",
            READ_LIST_PYTHON + "print(sum(1 for x in a if x > {d}))",
            READ_LIST_CPP + "int count = 0;\nfor (auto x : a) if (x > {d}) count++;\ncout << count << endl;",
            (test, dice) -> list(test, dice, -40, 1),
            (constants, in) ->
                    Long.toString(tail(in).filter(x -> x > constants[2]).count()));

    private static final CodeTask DIVISIBLE = new CodeTask(
            "divisible",
            4,
            "",
            READ_LIST_PYTHON + "b = [x for x in a if x % {k} == 0]\nprint(len(b), sum(b))",
            READ_LIST_CPP
                    + "long long count = 0, s = 0;\nfor (auto x : a) {\n    if (x % {k} == 0) {\n        count++;\n"
                    + "        s += x;\n    }\n}\ncout << count << \" \" << s << endl;",
            (test, dice) -> list(test, dice, -100, 1),
            (constants, in) -> tail(in).filter(x -> x % constants[0] == 0).count() + " "
                    + tail(in).filter(x -> x % constants[0] == 0).sum());

    private static final CodeTask GCD = new CodeTask(
            "gcd",
            4,
            "",
            "a, b = map(int, input().split())\nx, y = a*{k}, b*{m}\nwhile y:\n    x, y = y, x % y\nprint(x)",
            "long long a, b;\ncin >> a >> b;\ncout << gcd(a*{k}, b*{m}) << endl;",
            (test, dice) -> positive(test, dice) + " " + positive(test, dice),
            (constants, in) -> BigInteger.valueOf(in[0] * constants[0])
                    .gcd(BigInteger.valueOf(in[1] * constants[1]))
                    .toString());

    private static final CodeTask DIGITS = new CodeTask(
            "digits",
            5,
            "",
            "n = int(input())\ns = 0\nwhile n > 0:\n    s += n % {k}\n    n //= {k}\nprint(s)",
            "long long n, s = 0;\ncin >> n;\nwhile (n > 0) {\n    s += n % {k};\n    n /= {k};\n}\ncout << s << endl;",
            (test, dice) -> Integer.toString(Math.abs(number(test, dice))),
            (constants, in) -> Integer.toString(Long.toString(in[0], constants[0])
                    .chars()
                    .map(digit -> digit - '0')
                    .sum()));

    private static final CodeTask ORDER = new CodeTask(
            "order",
            5,
            "",
            READ_LIST_PYTHON + "a.sort(key=lambda x: (x % {k}, x))\nprint(*a)",
            READ_LIST_CPP + "sort(a.begin(), a.end(), [](long long x, long long y) {\n"
                    + "    return make_pair(x % {k}, x) < make_pair(y % {k}, y);\n});\n"
                    + "for (int i = 0; i < n; i++) cout << a[i] << (i + 1 < n ? \" \" : \"\\n\");",
            (test, dice) -> list(test, dice, 0, 1),
            (constants, in) -> tail(in).boxed()
                    .sorted(Comparator.<Long>comparingLong(x -> x % constants[0])
                            .thenComparing(x -> x))
                    .map(String::valueOf)
                    .collect(Collectors.joining(" ")));

    private static final CodeTask WINDOW = new CodeTask(
            "window",
            6,
            "",
            READ_LIST_PYTHON + "s = sum(a[:{k}])\nbest = s\nfor i in range({k}, n):\n    s += a[i] - a[i-{k}]\n"
                    + "    best = max(best, s)\nprint(best)",
            READ_LIST_CPP + "long long s = 0;\nfor (int i = 0; i < {k}; i++) s += a[i];\nlong long best = s;\n"
                    + "for (int i = {k}; i < n; i++) {\n    s += a[i] - a[i-{k}];\n    best = max(best, s);\n}\n"
                    + "cout << best << endl;",
            (test, dice) -> list(test, dice, -1000, 9),
            (constants, in) -> Long.toString(LongStream.rangeClosed(1, in.length - constants[0])
                    .map(from -> Arrays.stream(in, (int) from, (int) from + constants[0])
                            .sum())
                    .max()
                    .orElseThrow()));

    private static final CodeTask COINS = new CodeTask(
            "coins",
            6,
            "",
            "n = int(input())\nways = [1] + [0] * n\nfor coin in (1, {k}, {q}):\n    for i in range(coin, n + 1):\n"
                    + "        ways[i] += ways[i-coin]\nprint(ways[n])",
            "int n;\ncin >> n;\nvector<long long> ways(n + 1, 0);\nways[0] = 1;\nfor (int coin : {1, {k}, {q}}) {\n"
                    + "    for (int i = coin; i <= n; i++) ways[i] += ways[i-coin];\n}\ncout << ways[n] << endl;",
            (test, dice) -> Integer.toString(test < 2 ? test : dice.between(2, test < 10 ? 30 : 300)),
            (constants, in) -> Long.toString(ways(in[0], constants[0], constants[0] + constants[1])));

    static final List<CodeTask> ALL = List.of(AFFINE, PAIR, TOTAL, ABOVE, DIVISIBLE, GCD, DIGITS, ORDER, WINDOW, COINS);

    /** Pairs of numbers of the two larger coins that fit into the amount; ones pay the rest. */
    private static long ways(long amount, int small, int large) {
        long ways = 0;
        for (long left = amount; left >= 0; left -= large) ways += left / small + 1;
        return ways;
    }

    /** The numbers of the second line. */
    private static LongStream tail(long[] in) {
        return Arrays.stream(in).skip(1);
    }

    /** 0 and 1 in the first tests, then numbers of either sign that grow. */
    private static int number(int test, Dice dice) {
        if (test < 2) return test;
        int largest = test < 10 ? 20 : 10_000;
        return dice.between(-largest, largest);
    }

    private static int positive(int test, Dice dice) {
        return test == 0 ? 1 : dice.between(1, test < 10 ? 60 : 100_000);
    }

    /** A line with the count and a line with that many numbers, from {@code least} to 1000 or to its opposite. */
    private static String list(int test, Dice dice, int least, int shortest) {
        int count = test == 0 ? shortest : dice.between(shortest, shortest + (test < 10 ? 6 : 60));
        int largest = least < 0 ? -least : 1000;
        StringBuilder numbers = new StringBuilder(Integer.toString(count)).append('\n');
        for (int i = 0; i < count; i++) {
            if (i > 0) numbers.append(' ');
            numbers.append(dice.between(least, largest));
        }
        return numbers.toString();
    }
}
