package io.tramontane.data.gym;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.gym.ChainFamily.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A program that reads n and prints what a chain makes of it, or one of two chains.
 *
 * @param chains one, or the chain for n below the limit and that for the others
 * @param limit 0 where there is one chain
 * @param codeLanguage not part of what is asked, as the names are not
 */
record StoryProgram(
        StoryCodeFamily family, int person, int thing, List<LinearChain> chains, int limit, CodeLanguage codeLanguage)
        implements ProgramExercise {
    private static final int TESTS = 20;
    private static final int SMALL_TESTS = 10;
    private static final int SMALL = 20;
    private static final int LARGE = 10_000;

    StoryProgram {
        chains = List.copyOf(chains);
    }

    @Override
    public String canonical() {
        String asked = chains.stream().map(LinearChain::canonical).collect(Collectors.joining(":"));
        return family.name() + ":" + (limit > 0 ? limit + ":" : "") + asked;
    }

    @Override
    public Problem tell(String id, String language, int level, Dice dice) {
        int steps = chains.get(0).steps().size();
        return Problem.code(
                id,
                language,
                statement(language, dice),
                codeLanguage,
                tests(),
                Exercise.extra(steps, family.name(), opening(language)));
    }

    private String statement(String language, Dice dice) {
        Phrases story = family.story(language);
        Phrases code = family.code(language);
        Map<String, String> values = values(story);
        List<String> sentences = new ArrayList<>();
        sentences.add(story.say("start", dice, values));
        for (int i = 0; i < chains.size(); i++) {
            if (limit > 0) sentences.add(code.fill(code.wordings("case").get(0), Map.of("x", condition(i))));
            for (Step step : chains.get(i).steps()) {
                values.put("n", Integer.toString(step.n()));
                sentences.add(story.say(ChainStory.firstLower(step.operation().key), dice, values));
            }
        }
        sentences.add(story.say("question", dice, values));
        sentences.add(code.say("story", dice, Map.of("code", ProgramText.name(codeLanguage))));
        return String.join(story.gap(), sentences);
    }

    private String condition(int chain) {
        return chain == 0 ? "n<" + limit : "n>" + (limit - 1);
    }

    private String opening(String language) {
        Phrases story = family.story(language);
        return story.fill(story.wordings("opening").get(0), values(story));
    }

    @Override
    public StoryProgram slipped(double share, Dice dice) {
        List<LinearChain> slipped =
                chains.stream().map(chain -> chain.slipped(share, dice)).toList();
        return new StoryProgram(family, person, thing, slipped, limit, codeLanguage);
    }

    /** The opening, then one sentence for each step with the formula before and after it. */
    @Override
    public String detailed(String language) {
        Phrases story = family.story(language);
        Phrases code = family.code(language);
        Map<String, String> values = values(story);
        List<String> sentences = new ArrayList<>();
        sentences.add(opening(language));
        for (int i = 0; i < chains.size(); i++) {
            if (limit > 0) sentences.add(code.fill(code.wordings("thinkCase").get(0), Map.of("x", condition(i))));
            Linear before = Linear.START;
            LinearChain chain = chains.get(i);
            for (int s = 0; s < chain.steps().size(); s++) {
                Step step = chain.steps().get(s);
                values.put("n", Integer.toString(step.n()));
                values.put("b", before.before(step));
                values.put("c", chain.results().get(s).text());
                sentences.add(story.fill(
                        story.wordings("think" + step.operation().key).get(0), values));
                before = chain.results().get(s);
            }
        }
        return String.join(story.gap(), sentences);
    }

    @Override
    public String guess(String language, Dice dice) {
        return family.code(language).say("guess", dice, Map.of());
    }

    @Override
    public String answer(String language, Dice dice) {
        String sentence = family.code(language).say("answer", dice, Map.of());
        return sentence + "\n" + ProgramText.fenced(codeLanguage, program());
    }

    /** The program with the formulas that are believed; a right one where nothing slipped. */
    String program() {
        String first = chains.get(0).result().text();
        String last = chains.get(chains.size() - 1).result().text();
        if (codeLanguage == CodeLanguage.PYTHON)
            return "n = int(input())\nprint(" + (limit > 0 ? first + " if n < " + limit + " else " + last : first)
                    + ")";
        String printed = limit > 0 ? "(n < " + limit + " ? " + first + " : " + last + ")" : first;
        return ProgramText.cpp("long long n;\ncin >> n;\ncout << " + printed + " << endl;");
    }

    /** The same tests whenever the same is asked; of two cases each has every second test. */
    private List<TestCase> tests() {
        Dice dice = Dice.of(canonical().hashCode());
        List<TestCase> tests = new ArrayList<>();
        for (int i = 0; i < TESTS; i++) {
            long n = limit > 0 ? inCase(i, dice) : number(i, dice);
            LinearChain chain = chains.get(limit > 0 && n >= limit ? 1 : 0);
            tests.add(new TestCase(n + "\n", chain.truth().of(n) + "\n"));
        }
        return tests;
    }

    /** 0 and 1 first, then numbers that grow. */
    private static int number(int test, Dice dice) {
        return test < 2 ? test : dice.between(2, test < SMALL_TESTS ? SMALL : LARGE);
    }

    /** Both sides of the limit first. */
    private int inCase(int test, Dice dice) {
        boolean small = test % 2 == 0;
        if (test < 2) return small ? limit - 1 : limit;
        return small ? dice.between(0, limit - 1) : dice.between(limit, test < SMALL_TESTS ? 2 * limit : LARGE);
    }

    private Map<String, String> values(Phrases phrases) {
        return ChainStory.values(phrases, person, thing, "n", CountForm.MANY);
    }
}
