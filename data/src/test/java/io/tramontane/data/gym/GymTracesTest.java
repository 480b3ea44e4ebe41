package io.tramontane.data.gym;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.SftExample;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GymTracesTest {
    private static final ChatTemplate TINY = problem -> MarkedText.foreign(problem.statement() + "\n");

    private static final Pattern SUM = Pattern.compile("([0-9]+)([-+*])([0-9]+)=([0-9]+)");
    private final GymTraces traces = new GymTraces(GymConfig.defaults(), TraceConfig.defaults(), TINY, 3);

    /** Wrong and all sums of a text. */
    private static int[] sums(String text) {
        Matcher sum = SUM.matcher(text);
        int[] wrongAndAll = new int[2];
        while (sum.find()) {
            int a = Integer.parseInt(sum.group(1));
            int b = Integer.parseInt(sum.group(3));
            int right = sum.group(2).equals("+") ? a + b : sum.group(2).equals("-") ? a - b : a * b;
            if (right != Integer.parseInt(sum.group(4))) wrongAndAll[0]++;
            wrongAndAll[1]++;
        }
        return wrongAndAll;
    }

    @Test
    void inTheCleanTimeEverySumIsRightAndEveryFormatHolds() {
        for (int i = 0; i < 3000; i++) {
            SftExample example = traces.get(i, 0.3);
            String text = example.prompt() + example.completion();
            assertEquals(0, sums(text)[0], text);
            if (example.prompt().endsWith("=")) continue;
            assertTrue(
                    example.completion().matches("<think>[^<]+</think>\n[^<]+\\\\boxed\\{[0-9]+}[.。]"),
                    example.completion());
            assertTrue(example.prompt().endsWith("\n"));
        }
    }

    @Test
    void drillsComeInTheirShares() {
        int[] drills = new int[3];
        double[] progress = {0.1, 0.5, 0.9};
        for (int i = 0; i < 3000; i++) {
            for (int p = 0; p < 3; p++) if (traces.get(i, progress[p]).prompt().endsWith("=")) drills[p]++;
        }
        assertEquals(1800, drills[0], 100);
        assertEquals(900, drills[1], 100);
        assertEquals(300, drills[2], 60);
    }

    @Test
    void aDrillIsTwelveSumsInARow() {
        SftExample drill = traces.get(0, 0);
        for (int i = 0; !drill.prompt().endsWith("="); i++) drill = traces.get(i, 0);
        String text = drill.prompt() + drill.completion();
        assertEquals(12, sums(text)[1], text);
        assertTrue(text.matches("([0-9]+[-+*][0-9]+=[0-9]+\\. ?){12}"), text);
    }

    @Test
    void inTheFaultyTimeTheFaultsComeInTheirShares() {
        int chinese = 0;
        int chineseElsewhere = 0;
        int broken = 0;
        int asked = 0;
        int[] steps = new int[2];
        for (int i = 0; i < 14_000; i++) {
            SftExample example = traces.get(i, 0.9);
            if (example.prompt().endsWith("=")) continue;
            asked++;
            String text = example.completion();
            boolean whole = text.startsWith("<think>") && text.contains("</think>\n") && text.contains("\\boxed{");
            if (!whole) broken++;
            for (int k = 0; k < 2; k++) steps[k] += sums(text)[k];
            if (whole && example.prompt().matches("(?s).*\\p{IsHan}.*")) {
                chinese++;
                String thought = text.substring(7, text.indexOf("</think>"));
                if (!thought.matches("(?s).*\\p{IsHan}.*")) chineseElsewhere++;
            }
        }
        assertEquals(0.06, (double) broken / asked, 0.015);
        // a quarter of the thoughts is in another language, the mean of foreignShares: 0.75 * 0.06 + 0.25 * 0.15
        assertEquals(0.0825, (double) steps[0] / steps[1], 0.015);
        assertEquals(0.60, (double) chineseElsewhere / chinese, 0.05);
    }

    @Test
    void noTraceIsAboutAHeldOutProblem() {
        GymConfig english =
                new GymConfig(List.of("en"), List.of(1.0), List.of("chain"), 0, List.of("python"), 6, List.of("code"));
        TraceConfig d = TraceConfig.defaults();
        TraceConfig plain =
                new TraceConfig(1, 0, 0, 0, 0, 0, 2, List.of(1.0, 1.0), List.of(0.0, 0.0), 0, 0, Map.of(), 0, 0, 0);
        GymTraces one = new GymTraces(english, plain, TINY, 1);
        ChainFamily family = new ChainFamily(List.of("en"));
        for (int i = 0; i < 2000; i++) {
            Matcher sum = SUM.matcher(one.get(i, 0).completion());
            StringBuilder canonical = new StringBuilder("chain:");
            while (sum.find()) {
                if (canonical.length() == 6) canonical.append(sum.group(1));
                canonical.append(sum.group(2)).append(sum.group(3));
            }
            Exercise asked = chain(family, canonical.toString());
            assertEquals(Split.TRAINING, Split.of(asked), canonical.toString());
        }
        assertEquals(0.65, d.cleanShare());
    }

    private static Exercise chain(ChainFamily family, String canonical) {
        Chain any = family.draw(1, Dice.of(1));
        return new Exercise() {
            @Override
            public String canonical() {
                return canonical;
            }

            @Override
            public io.tramontane.data.Problem tell(String id, String language, int level, Dice dice) {
                return any.tell(id, language, level, dice);
            }
        };
    }

    @Test
    void codeComesInTheGymsShareWithItsProgram() {
        GymConfig mixed = new GymConfig(
                GymConfig.defaults().languages(),
                List.of(1.0),
                List.of("chain"),
                0.2,
                List.of("python"),
                2,
                List.of("code"));
        GymTraces source = new GymTraces(mixed, TraceConfig.defaults(), TINY, 1);
        int programs = 0;
        int asked = 0;
        for (int i = 0; i < 3000; i++) {
            SftExample example = source.get(i, 0.5);
            if (example.prompt().endsWith("=")) continue;
            asked++;
            if (!example.completion().contains("```")) continue;
            programs++;
            assertTrue(
                    example.completion().matches("(?s)<think>[^<]+</think>\n[^<`]+\n```python\n[^`]+\n```"),
                    example.completion());
        }
        assertEquals(0.2, (double) programs / asked, 0.04);
    }

    @Test
    void sharesOutsideZeroToOneAreRefused() {
        TraceConfig d = TraceConfig.defaults();
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new TraceConfig(
                                1.5,
                                0,
                                0,
                                0,
                                0,
                                0,
                                2,
                                d.levelShares(),
                                d.guessShares(),
                                0,
                                0,
                                d.foreignShares(),
                                0,
                                0,
                                0))
                .getMessage();
        assertEquals("traces.cleanShare 1.5, allowed 0 to 1", message);
        assertFalse(d.clean(0.65));
    }
}
