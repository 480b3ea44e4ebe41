package io.tramontane.data.gym;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.SftExample;
import io.tramontane.data.SftSource;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.gym.ChainFamily.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Worked examples for the cold start of the tiny policy, endless and seeded. They are about training problems only. In the
 * clean phase thoughts are in the language of the question, step by step and right; in the faulty phase they have the
 * faults that {@link TraceConfig} names. Drills are mixed in: many sums in a row, without text.
 */
public final class GymTraces implements SftSource {
    private static final long STREAM = 0x7472616365L;

    private final GymConfig gym;
    private final TraceConfig config;
    private final ChatTemplate chat;
    private final long seed;
    private final ChainFamily chains;
    private final List<ProgramFamily> code;
    private final boolean opened;

    /** Traces of the family "chain", and of code in its share, in the languages of the gym; the levels are those of the traces. */
    public GymTraces(GymConfig gym, TraceConfig config, ChatTemplate chat, long seed) {
        if (!gym.families().equals(List.of(ChainFamily.NAME)))
            throw new IllegalArgumentException("gym.families " + gym.families() + ": traces are written for [chain]");
        this.gym = gym;
        this.config = config;
        this.chat = chat;
        this.opened = !chat.opening(ThinkTags.ANGLE).isEmpty();
        this.seed = seed;
        chains = new ChainFamily(gym.languages());
        code = Families.programs(gym);
    }

    @Override
    public SftExample get(long index, double progress) {
        Dice dice = Dice.of(seed, STREAM, index);
        if (dice.chance(config.drillShareAt(progress))) return drill(dice);
        String language = gym.languages().get((int) (index % gym.languages().size()));
        int level = 1 + dice.weighted(config.levelShares());
        if (dice.chance(gym.codeShare())) return program(index, progress, language, level, dice);
        Chain chain = (Chain) Split.TRAINING.draw(chains, level, dice);
        ChainStory story = chain.story(dice);
        Problem problem = Problem.math(
                "gym/trace/" + seed + "/" + index,
                language,
                story.statement(language, dice),
                Integer.toString(chain.result()),
                Map.of());
        String completion =
                config.clean(progress) ? clean(story, language, dice) : faulty(story, language, level, dice);
        return new SftExample(chat.marked(problem), answer(completion));
    }

    /** Where the prompt ends in the opening mark, the answer goes on behind it. */
    private MarkedText answer(String completion) {
        String open = ThinkTags.ANGLE.open();
        return MarkedText.own(opened && completion.startsWith(open) ? completion.substring(open.length()) : completion);
    }

    /**
     * A program. In the faulty time its thought may be in another language or a guess, with the right program; the steps of a
     * detailed thought slip, where it has any.
     */
    private SftExample program(long index, double progress, String language, int level, Dice dice) {
        ProgramFamily family = code.get((int) (index / gym.languages().size() % code.size()));
        ProgramExercise exercise = (ProgramExercise) Split.TRAINING.draw(family, level, dice);
        Problem problem = exercise.tell("gym/trace/" + seed + "/" + index, language, level, dice);
        boolean clean = config.clean(progress);
        String thinking = language;
        if (!clean && dice.chance(config.foreignShares().getOrDefault(language, 0.0)))
            thinking = foreign(language, dice);
        double guess = clean ? config.cleanGuessShare() : config.guessShares().get(level - 1);
        if (dice.chance(guess))
            return program(problem, exercise.guess(thinking, dice), exercise.answer(language, dice));
        ProgramExercise believed = clean ? exercise : exercise.slipped(slipShare(thinking, language), dice);
        return program(problem, believed.detailed(thinking), believed.answer(language, dice));
    }

    private SftExample program(Problem problem, String thought, String answer) {
        return new SftExample(chat.marked(problem), answer("<think>" + thought + "</think>\n" + answer));
    }

    private double slipShare(String thinking, String language) {
        return thinking.equals(language) ? config.slipShare() : config.foreignSlipShare();
    }

    private String clean(ChainStory story, String language, Dice dice) {
        List<Integer> results = results(story.chain(), 0, dice);
        int result = story.chain().result();
        String thought = dice.chance(config.cleanGuessShare())
                ? story.guess(language, result, dice)
                : story.detailed(language, results);
        return "<think>" + thought + "</think>\n" + story.answer(language, result, dice);
    }

    private String faulty(ChainStory story, String language, int level, Dice dice) {
        double foreign = config.foreignShares().getOrDefault(language, 0.0);
        String thinking = dice.chance(foreign) ? foreign(language, dice) : language;
        String answering = dice.chance(config.foreignAnswerShare()) ? other(language, dice) : language;
        int result = story.chain().result();
        String thought;
        if (dice.chance(config.guessShares().get(level - 1))) {
            thought = story.guess(thinking, result, dice);
        } else {
            List<Integer> results = results(story.chain(), slipShare(thinking, language), dice);
            result = results.get(results.size() - 1);
            thought = story.detailed(thinking, results);
        }
        String answer = story.answer(answering, result, dice);
        if (!dice.chance(config.brokenShare())) return "<think>" + thought + "</think>\n" + answer;
        return switch (dice.below(3)) {
            case 0 -> thought + "</think>\n" + answer;
            case 1 -> "<think>" + thought + "\n" + answer;
            default ->
                "<think>" + thought + "</think>\n"
                        + answer.replace("\\boxed{" + result + "}", Integer.toString(result));
        };
    }

    private String foreign(String language, Dice dice) {
        boolean english =
                gym.languages().contains("en") && !language.equals("en") && dice.chance(config.englishShare());
        return english ? "en" : other(language, dice);
    }

    private String other(String language, Dice dice) {
        List<String> others = new ArrayList<>(gym.languages());
        others.remove(language);
        return others.isEmpty() ? language : dice.pick(others);
    }

    /** What is believed after each step. A slip that would leave the range now or later is not made. */
    private static List<Integer> results(Chain chain, double slipShare, Dice dice) {
        List<Integer> results = new ArrayList<>();
        int value = chain.start();
        for (int i = 0; i < chain.steps().size(); i++) {
            value = chain.steps().get(i).apply(value);
            if (dice.chance(slipShare)) {
                int slipped = value + dice.pick(Chain.SLIPS);
                if (staysInRange(
                        slipped, chain.steps().subList(i + 1, chain.steps().size()))) value = slipped;
            }
            results.add(value);
        }
        return results;
    }

    private static boolean staysInRange(int value, List<Step> steps) {
        for (Step step : steps) {
            if (value < 1 || value > ChainFamily.LARGEST) return false;
            value = step.apply(value);
        }
        return value >= 1 && value <= ChainFamily.LARGEST;
    }

    /** Sums as they stand in thoughts: {@code 23+14=37. 50-8=42. ...}; the prompt is the first question. */
    private SftExample drill(Dice dice) {
        StringBuilder sums = new StringBuilder();
        int split = 0;
        for (int i = 0; i < config.drillLength(); i++) {
            Step step;
            int before;
            int after;
            do {
                before = dice.between(1, ChainFamily.LARGEST);
                step = ChainFamily.step(dice);
                after = step.apply(before);
            } while (after < 1 || after > ChainFamily.LARGEST);
            if (i > 0) sums.append(' ');
            sums.append(before).append(step.operation().symbol).append(step.n()).append('=');
            if (i == 0) split = sums.length();
            sums.append(after).append('.');
        }
        return new SftExample(MarkedText.own(sums.substring(0, split)), MarkedText.own(sums.substring(split)));
    }
}
