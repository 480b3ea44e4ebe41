package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.SftExample;
import io.tramontane.data.gym.Gym;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.gym.GymTraces;
import io.tramontane.data.gym.TraceConfig;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The gym's sentences and the rewards belong together: what the cold start is shown must be worth the whole reward. */
class GymTraceRewardTest {
    private static final ChatTemplate TINY = problem -> MarkedText.foreign(problem.statement() + "\n");

    private static final GymConfig GYM = GymConfig.defaults();
    private static final Pattern BOX = Pattern.compile("\\\\boxed\\{([0-9]+)}");

    private final LanguageConsistency languages = new LanguageConsistency(GYM.languages());

    @Test
    void everyCleanTraceOfEveryLanguageIsWorthOnePointOne() {
        GymTraces traces = new GymTraces(GYM, TraceConfig.defaults(), TINY, 5);
        Verifiers verifiers = new Verifiers(RewardConfig.defaults(), 1, CodeEnvironment.closed("not needed"));
        int scored = 0;
        for (int i = 0; i < 2100; i++) {
            SftExample trace = traces.get(i, 0.5);
            if (trace.prompt().endsWith("=")) continue;
            Matcher box = BOX.matcher(trace.completion());
            assertTrue(box.find(), trace.completion());
            String language = GYM.languages().get(i % GYM.languages().size());
            Problem problem = Problem.math("t" + i, language, trace.prompt().strip(), box.group(1), Map.of());
            RewardBreakdown reward = verifiers
                    .score(problem, 0, List.of(trace.completion()), new int[] {100})
                    .get(0);
            assertEquals(1.1, reward.reward().orElseThrow(), 1e-12, trace + " " + reward);
            assertEquals(List.of(language, language, language), reward.languages(), trace.toString());
            scored++;
        }
        assertTrue(scored > 1200, "scored " + scored);
    }

    @Test
    void codeTracesKeepTheirLanguageWhenTheProgramIsTakenOut() {
        GymConfig code = new GymConfig(
                GYM.languages(),
                GYM.levelWeights(),
                GYM.families(),
                1,
                List.of("python", "cpp"),
                6,
                List.of("code", "stories", "cases"));
        GymTraces traces = new GymTraces(code, TraceConfig.defaults(), TINY, 5);
        for (int i = 0; i < 700; i++) {
            SftExample trace = traces.get(i, 0.5);
            if (trace.prompt().endsWith("=")) continue;
            String language = GYM.languages().get(i % GYM.languages().size());
            int end = trace.completion().indexOf("</think>");
            assertEquals(language, languages.of(trace.prompt()), trace.prompt());
            assertEquals(language, languages.of(trace.completion().substring(7, end)), trace.completion());
            assertEquals(language, languages.of(trace.completion().substring(end + 8)), trace.completion());
        }
    }

    @Test
    void theStatementsOfAllMathsFamiliesAreInTheirLanguage() {
        GymConfig maths = new GymConfig(
                GYM.languages(),
                GYM.levelWeights(),
                List.of("arithmetic", "fractions", "equations", "remainders", "sequences", "words"),
                0,
                List.of("python"),
                6,
                List.of("code"));
        ProblemSource source = Gym.training(maths, 3);
        int other = 0;
        for (int i = 0; i < 2100; i++) {
            Problem problem = source.get(i);
            if (!languages.ofProblem(problem.statement(), problem.language()).equals(problem.language())) other++;
        }
        assertTrue(other <= 21, other + " of 2100 statements are taken for another language");
    }
}
