package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.RewardWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * TEST DATA, no run ever made these numbers: a run folder with curves of plausible shape, for looking at the page and the
 * console. {@code main DIR} writes one with its page.
 */
final class FakeRun {
    static final String HOSTILE =
            "</script><img src=x onerror=alert(1)><script>alert(2)</script>{{data}}\u2028\u001b[2J";

    private static final int STEPS = 190;
    private static final double[] COLD = {.99, .92, .11, .02, .01, .00};
    private static final double[] FORCED = {.99, .90, .89, .83, .69, .02};
    private static final double[] TRAINED = {1, .98, .97, .92, .80, .45};
    private static final String[][] SENTENCES = {
        {"en", "Mia has %d marbles, wins %d and gives away %d. How many are left?", "She had", "then", "The answer is"},
        {
            "fr",
            "Luc a %d billes, en gagne %d et en donne %d. Combien en reste-t-il ?",
            "Il avait",
            "puis",
            "La réponse est"
        },
        {"es", "Ana tiene %d canicas, gana %d y regala %d. ¿Cuántas quedan?", "Tenía", "luego", "La respuesta es"},
        {"it", "Gino ha %d biglie, ne vince %d e ne regala %d. Quante ne restano?", "Aveva", "poi", "La risposta è"},
        {
            "de",
            "Eva hat %d Murmeln, gewinnt %d und verschenkt %d. Wie viele bleiben?",
            "Sie hatte",
            "dann",
            "Die Antwort ist"
        },
        {"zh", "小明有%d颗弹珠，赢了%d颗，送出%d颗。还剩几颗？", "原来有", "然后", "答案是"},
        {"ru", "У Пети %d шариков, он выиграл %d и подарил %d. Сколько осталось?", "Было", "затем", "Ответ"},
    };

    private final Random random = new Random(7);

    private FakeRun() {}

    /** Writes {@code report.html} too when started by hand. */
    public static void main(String[] arguments) throws IOException {
        RunFolder folder = RunFolder.create(Path.of(arguments[0]));
        write(folder, ConsoleView.onStandardOutput(STEPS, 5, RewardWeights.defaults()));
    }

    static void write(RunFolder folder, ConsoleView console) throws IOException {
        Files.writeString(
                folder.configYaml().local(),
                "seed: 1\nmodel: \"builtin:tiny\"\nrollout:\n  groupSize: 16\n  temperature: 1.0\n");
        FakeRun run = new FakeRun();
        try (RunReport report = new RunReport(folder, MetricsLog.open(folder), console)) {
            report.phase("evaluating the cold start");
            report.eval(run.eval(0));
            for (int step = 1; step <= STEPS; step++) {
                report.train(run.train(step));
                if (step % 10 == 0) report.samples(List.of(run.sample(step, Sample.Phase.TRAIN, step)));
                if (step % 50 == 0) report.eval(run.eval(step));
            }
            for (int i = 0; i < 60; i++)
                report.samples(
                        List.of(run.sample(0, Sample.Phase.BEFORE, i), run.sample(STEPS, Sample.Phase.AFTER, i)));
            report.eval(run.eval(STEPS));
            report.end(end());
        }
    }

    private static Map<String, Object> end() {
        Map<String, Object> ledger = new LinkedHashMap<>();
        ledger.put("leased", 1718);
        ledger.put("trained", 1520);
        ledger.put("dropped", Map.of("zeroSignal", 174));
        ledger.put("inFlight", 24);
        ledger.put("lost", List.of());
        ledger.put("twice", List.of());
        return new LinkedHashMap<>(
                Map.of("kind", "end", "ledger", ledger, "trainSeconds", 288.4, "reason", "steps done"));
    }

    private Map<String, Object> train(int step) {
        double done = 1 - Math.exp(-step / 45.0);
        double correctness = .27 + .55 * done + noise(.03);
        double language = .66 + .33 * Math.min(1, step / 25.0) + noise(.005);
        Map<String, Object> row = MetricRows.train(step);
        row.put("rewardCorrectness", .9 * correctness);
        row.put("rewardLanguage", .1 * Math.min(1, language));
        row.put("rewardFormat", .1 * Math.min(1, .97 + noise(.01)));
        row.put("rewardLength", -.001 + noise(.0003));
        row.put("reward", .9 * correctness + .1 * language + .097);
        row.put("lengthMean", 34 + 35 * Math.min(1, step / 35.0) + noise(1));
        row.put("truncatedShare", Math.max(0, .01 + noise(.004)));
        row.put("languageUndecided", .3 + noise(.01));
        row.put("unscoredShare", 0.0);
        row.put("maxLength", 176);
        row.put("entropy", .55 * Math.exp(-step / 80.0) + .12 + noise(.01));
        row.put("clipLowShare", Math.max(0, .004 + noise(.001)));
        row.put("clipHighShare", Math.max(0, .007 + noise(.001)));
        row.put("mismatchKl", Math.pow(10, -11 + noise(.6)));
        row.put("lagMean", .9 + noise(.15));
        row.put("lagMax", 2 + random.nextInt(2));
        row.put("multiVersionShare", .55 + noise(.05));
        row.put("zeroSignalShare", .2 + .3 * done + noise(.04));
        row.put("gradNorm", .6 + noise(.15));
        row.put("learningRate", 1e-3 * Math.min(1, step / 10.0));
        row.put("tokensPerSecond", 5200 + noise(250));
        row.put("generatorIdle", Math.max(0, .03 + noise(.01)));
        row.put("trainerIdle", .22 + noise(.04));
        row.put("verifierIdle", .91 + noise(.01));
        row.put("weightSyncSeconds", .02 + Math.abs(noise(.004)));
        row.put("seconds", 1.5 + noise(.1));
        return row;
    }

    private Map<String, Object> eval(int step) {
        double done = step == 0 ? 0 : (1 - Math.exp(-step / 45.0)) / (1 - Math.exp(-STEPS / 45.0));
        double language = step == 0 ? .758 : step < STEPS ? .996 : 1;
        Map<String, Double> levels = levels(done);
        Map<String, Object> row = MetricRows.eval(step);
        row.put("problems", 256);
        row.put("correctness", mean(levels));
        row.put("languageConsistency", language);
        row.put("lengthMean", step == 0 ? 32.4 : 68.1);
        row.put("byLevel", levels);
        row.put("byLanguage", byLanguage(mean(levels), .06));
        row.put("languageByLanguage", byLanguage(language, step == 0 ? .08 : 0));
        if (step == 0) row.put("forced", forced());
        return row;
    }

    private Map<String, Object> forced() {
        Map<String, Double> levels = new LinkedHashMap<>();
        for (int level = 1; level <= 6; level++) levels.put("" + level, FORCED[level - 1]);
        return Map.of("correctness", mean(levels), "byLevel", levels, "byLanguage", byLanguage(mean(levels), .03));
    }

    private static Map<String, Double> levels(double done) {
        Map<String, Double> levels = new LinkedHashMap<>();
        for (int level = 1; level <= 6; level++)
            levels.put("" + level, COLD[level - 1] + done * (TRAINED[level - 1] - COLD[level - 1]));
        return levels;
    }

    private Map<String, Double> byLanguage(double mean, double spread) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String[] sentence : SENTENCES) values.put(sentence[0], Math.min(1, mean + noise(spread)));
        return values;
    }

    private Sample sample(int step, Sample.Phase phase, int index) {
        String[] words = SENTENCES[index % SENTENCES.length];
        int a = 11 + index;
        int answer = a + 5 - 3;
        boolean right = phase != Sample.Phase.BEFORE && index % 7 != 2;
        int answered = right ? answer : answer + 1;
        Problem problem = Problem.math(
                "fake/" + index, words[0], words[1].formatted(a, 5, 3), "" + answer, Map.of("level", 1 + index % 6));
        String thought = right
                ? "%s %d, %s %d + 5 = %d, %s %d - 3 = %d."
                        .formatted(words[2], a, words[3], a, a + 5, words[3], a + 5, answered)
                : "I guess %d.".formatted(answered);
        String text = index == 3 ? HOSTILE : "<think>%s</think>\n%s \\boxed{%d}".formatted(thought, words[4], answered);
        int[] versions = new int[right ? 66 : 24];
        Arrays.fill(versions, step);
        versions[0] = Math.max(0, step - 1);
        Completion completion =
                new Completion(new int[versions.length], new float[versions.length], versions, true, text);
        return new Sample(step, phase, problem, completion, verdict(right, answer, answered, words[0]));
    }

    private static RewardBreakdown verdict(boolean right, int answer, int answered, String language) {
        List<String> languages = new ArrayList<>(List.of(language, right ? language : "en", language));
        double oneLanguage = right || language.equals("en") ? .1 : 0;
        return new RewardBreakdown(
                .1,
                right ? .9 : 0,
                0,
                oneLanguage,
                right ? Verdict.CORRECT : Verdict.WRONG,
                right ? answered + " equals the reference answer" : answered + " is not " + answer,
                "" + answered,
                languages,
                .4);
    }

    private double noise(double scale) {
        return scale * random.nextGaussian();
    }

    private static double mean(Map<String, Double> values) {
        return values.values().stream().mapToDouble(v -> v).average().orElseThrow();
    }
}
