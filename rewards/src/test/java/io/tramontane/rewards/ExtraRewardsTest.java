package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ThinkTags;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtraRewardsTest {
    private static final Problem APPLES =
            Problem.math("apples", "de", "Wie viele Äpfel hat Anna jetzt?", "38", Map.of());
    private static final String GERMAN =
            "<think>Am Anfang hat Anna sieben Äpfel, danach sind es viel mehr.</think>Die Antwort ist also \\boxed{38}.";

    @TempDir
    Path folder;

    public static final class Tokens implements Reward {
        @Override
        public double of(Judged judged) {
            return judged.text().tokens();
        }
    }

    public static final class Crashing implements Reward {
        static final AtomicInteger ASKED = new AtomicInteger();

        @Override
        public double of(Judged judged) {
            ASKED.incrementAndGet();
            throw new IllegalStateException("no luck");
        }
    }

    public static final class CrashingOnce implements Reward {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public double of(Judged judged) {
            if (asked.getAndIncrement() == 0) throw new StackOverflowError();
            return 1;
        }
    }

    public static final class NotANumber implements Reward {
        @Override
        public double of(Judged judged) {
            return Double.NaN;
        }
    }

    public static final class Picky implements Reward {
        public Picky(Map<String, String> options) {
            throw new IllegalArgumentException("words " + options.get("words") + ", allowed >= 1");
        }

        @Override
        public double of(Judged judged) {
            return 0;
        }
    }

    public abstract static class Abstract implements Reward {}

    private static RewardConfig config(Map<String, Map<String, String>> extra) {
        RewardConfig usual = RewardConfig.defaults();
        return new RewardConfig(
                usual.weights(),
                usual.maxLength(),
                usual.lengthCache(),
                Map.of(),
                usual.languages(),
                1,
                false,
                ThinkTags.ANGLE,
                extra,
                usual.tests(),
                usual.testSeconds(),
                usual.memoryMegabytes(),
                usual.compileSeconds(),
                usual.partialCredit());
    }

    private static Map<String, String> section(Class<?> type, String... more) {
        Map<String, String> section = new TreeMap<>(Map.of("class", type.getName()));
        for (int i = 0; i < more.length; i += 2) section.put(more[i], more[i + 1]);
        return section;
    }

    private static RewardBreakdown score(RewardConfig config, String text) {
        Verifiers verifiers = new Verifiers(config, 1, CodeEnvironment.closed("not needed"));
        return verifiers.score(APPLES, 0, List.of(text), new int[] {40}).get(0);
    }

    @Test
    void whatItAddsIsMultipliedByItsWeightAndPartOfTheSum() {
        RewardBreakdown reward = score(
                config(Map.of(
                        "b", section(Tokens.class, "weight", "0.01"),
                        "a", section(Tokens.class, "weight", "-0.001"))),
                GERMAN);
        assertEquals(Map.of("a", -0.04, "b", 0.4), reward.extra()); // 40 tokens
        assertEquals(List.of("a", "b"), List.copyOf(reward.extra().keySet()));
        assertEquals(1.1 + 0.4 - 0.04, reward.reward().getAsDouble(), 1e-12);
    }

    @Test
    void aMalformedCompletionIsNotShownToIt() {
        RewardBreakdown reward = score(config(Map.of("a", section(Crashing.class))), "38");
        assertEquals(0.0, reward.reward().getAsDouble());
        assertEquals(Map.of(), reward.extra());
    }

    @Test
    void whatItThrowsIsOurFaultAfterASecondTry() {
        Crashing.ASKED.set(0);
        RewardBreakdown reward = score(config(Map.of("luck", section(Crashing.class))), GERMAN);
        assertEquals(Verdict.UNSCORED, reward.verdict());
        assertTrue(reward.reward().isEmpty());
        assertEquals(
                "reward luck (" + Crashing.class.getName() + ") failed: java.lang.IllegalStateException: no luck",
                reward.reason());
        assertEquals(2, Crashing.ASKED.get());
    }

    @Test
    void aFaultThatGoesAwayIsForgotten() {
        RewardBreakdown reward = score(config(Map.of("luck", section(CrashingOnce.class, "weight", "0.5"))), GERMAN);
        assertEquals(1.6, reward.reward().getAsDouble(), 1e-12);
    }

    @Test
    void notANumberIsUnscored() {
        RewardBreakdown reward = score(config(Map.of("nan", section(NotANumber.class))), GERMAN);
        assertEquals(Verdict.UNSCORED, reward.verdict());
        assertEquals("reward nan (" + NotANumber.class.getName() + ") is NaN", reward.reason());
    }

    @Test
    void whatCannotBeMadeIsBadInputThatNamesItsKey() {
        refused(
                "com.example.Nowhere: no such class on the class path (TRAMONTANE_CLASSPATH)",
                Map.of("class", "com.example.Nowhere"));
        refused("java.lang.String: does not implement io.tramontane.rewards.Reward", section(String.class));
        refused(
                Picky.class.getName()
                        + ": its constructor failed: java.lang.IllegalArgumentException: words 0, allowed >= 1",
                section(Picky.class, "words", "0"));
        refused(
                Tokens.class.getName()
                        + ": takes no options, its only public constructor has no parameters; given [words]",
                section(Tokens.class, "words", "3"));
        refused(
                Abstract.class.getName() + ": cannot be made, it must be a public class that is not abstract:"
                        + " java.lang.InstantiationException",
                section(Abstract.class));
    }

    private static void refused(String message, Map<String, String> section) {
        RewardConfig config = config(Map.of("x", section));
        BadInputException e = assertThrows(BadInputException.class, config::checkClasses);
        assertEquals("rewards.extra.x.class " + message, e.getMessage());
    }

    @Test
    void aSectionNeedsAClassAndAWeightThatCounts() {
        assertRefused(
                "rewards.extra.x.class is missing: the class that implements io.tramontane.rewards.Reward", Map.of());
        assertRefused(
                "rewards.extra.x.weight 0, allowed any finite number but 0", section(Tokens.class, "weight", "0"));
        assertRefused(
                "rewards.extra.x.weight much, allowed any finite number but 0",
                section(Tokens.class, "weight", "much"));
    }

    private static void assertRefused(String message, Map<String, String> section) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> config(Map.of("x", section)))
                        .getMessage());
    }

    @Test
    void theExampleOfTheDocumentationWorksWhenCompiledApart() throws IOException {
        Path page = Path.of(System.getProperty("tramontane.root", ".."), "docs", "rewards.md");
        String text = Files.readString(page);
        int start = text.indexOf("```java\npackage com.example;") + "```java\n".length();
        Path source = folder.resolve("ShortAnswer.java");
        Files.writeString(source, text.substring(start, text.indexOf("```", start)));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertEquals(0, status);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader apart = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(apart);
            RewardConfig config = config(
                    Map.of("brevity", Map.of("class", "com.example.ShortAnswer", "weight", "0.2", "words", "4")));
            // five words, one more than four: -0.2 * 1 / 4
            assertEquals(Map.of("brevity", -0.05), score(config, GERMAN).extra());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
