package io.tramontane.rewards.math;

import io.tramontane.rewards.math.Judgement.Kind;
import io.tramontane.rewards.math.MathNode.Collection;
import java.util.regex.Pattern;

/**
 * The entry point: decides whether an answer is the reference. Pure, deterministic, safe for several threads, never throws,
 * and bounded on any input by the limits of {@link CleanText}, {@link Lexer}, {@link Cursor}, {@link Rational}, {@link
 * Value} and {@link Budget}. What is undecided is not equal. Not symmetric: only the answer may use a decimal comma,
 * and the kind of the reference says what is compared.
 *
 * <pre>
 *   text -> CleanText -> Lexer -> AnswerParser -> Comparer
 * </pre>
 */
public final class MathAnswers {
    /** What the points are drawn with at which expressions with variables are compared. */
    public static final long SEED = Identity.SEED;

    private static final Pattern DIGIT_COMMA = Pattern.compile(".*[0-9],[0-9].*", Pattern.DOTALL);
    private static final Pattern COMMA_THOUSAND = Pattern.compile(".*[0-9],[0-9]{3}.*", Pattern.DOTALL);
    private static final int MAX_SHOWN = 80;

    /** Enough to find that two numbers differ; a check that needs more is undecided. */
    private static final int FEW_STEPS = 1_000;

    private MathAnswers() {}

    /** Judges {@code given}, the content of the last box, against {@code reference}. */
    public static Judgement judge(String reference, String given) {
        String gold;
        try {
            gold = TextRule.notation(CleanText.of(reference));
        } catch (UndecidableException tooLong) {
            return new Judgement(Kind.DIFFERENT, "undecided", "the reference is " + tooLong.getMessage());
        }
        try {
            String answer = TextRule.notation(CleanText.of(given));
            String rule = byText(gold, answer);
            String exact = AlternativeForms.withoutQualifier(gold);
            if (rule == null && !exact.equals(gold)) {
                gold = exact;
                answer = AlternativeForms.withoutQualifier(answer);
                rule = byText(gold, answer);
            }
            Introductions before = rule == null ? Introductions.of(gold) : null;
            Introductions other = rule == null ? Introductions.of(answer) : null;
            boolean mayLeaveOut =
                    before == null || other == null || before.sentence().equals(other.sentence());
            if (mayLeaveOut && before != null) gold = before.answer();
            if (mayLeaveOut && other != null) answer = other.answer();
            if (mayLeaveOut && (before != null || other != null)) rule = byText(gold, answer);
            if (rule == null && !TextRule.areWords(gold, answer)) rule = byForms(gold, answer);
            if (rule != null)
                return new Judgement(
                        Kind.EQUAL, rule, (rule.equals("text") ? "written like " : "equal to ") + shown(gold));
            return notEqual(gold, answer);
        } catch (UndecidableException undecidable) {
            return new Judgement(Kind.UNREADABLE, "undecided", undecidable.getMessage() + "; wanted " + shown(gold));
        }
    }

    /** Why no rule says that they are equal. */
    private static Judgement notEqual(String gold, String answer) {
        MathNode wanted = read(gold, CommaRules.USUAL);
        MathNode found = read(answer, CommaRules.USUAL);
        if (areDifferentNumbers(wanted, found))
            return new Judgement(Kind.DIFFERENT, "different", "another number than " + shown(gold));
        return isMathematics(found) || !isMathematics(wanted)
                ? new Judgement(Kind.DIFFERENT, "undecided", "no rule makes it equal to " + shown(gold))
                : new Judgement(Kind.UNREADABLE, "undecided", "it cannot be read; wanted " + shown(gold));
    }

    private static boolean areDifferentNumbers(MathNode wanted, MathNode found) {
        try {
            return wanted != null
                    && found != null
                    && new SingleValues(new Budget(FEW_STEPS)).areDifferentNumbers(wanted, found);
        } catch (UndecidableException tooLong) {
            return false;
        }
    }

    private static String byText(String gold, String answer) {
        if (TextRule.same(gold, answer)) return "text";
        String letter = TextRule.choice(gold);
        return letter != null && TextRule.chooses(letter, answer) ? "choice" : null;
    }

    /** By what the reference means, or by either of the two forms in which it gives one answer. */
    private static String byForms(String gold, String answer) {
        String rule = byMeaning(gold, answer);
        if (rule != null) return rule;
        for (String form : AlternativeForms.of(gold)) {
            rule = TextRule.same(form, answer) ? "text" : byMeaning(form, answer);
            if (rule != null) return rule;
        }
        return null;
    }

    /** Reads both as mathematics; commas between digits may be parsed in a second way, which is tried last. */
    private static String byMeaning(String gold, String answer) {
        MathNode wanted = read(gold, CommaRules.USUAL);
        MathNode found = read(answer, CommaRules.USUAL);
        if (wanted == null) return null;
        String rule = compared(wanted, found);
        if (rule != null || !DIGIT_COMMA.matcher(answer).matches()) return rule;
        boolean single = !(wanted instanceof Collection)
                && Relations.alternatives(wanted).size() == 1;
        if (single) return compared(wanted, read(answer, CommaRules.DECIMAL_COMMA));
        return COMMA_THOUSAND.matcher(answer).matches() ? compared(wanted, read(answer, CommaRules.LIST)) : null;
    }

    private static MathNode read(String cleaned, CommaRules commas) {
        try {
            return AnswerParser.read(NamedSides.marked(Parameters.listed(cleaned)), commas);
        } catch (UndecidableException unreadable) {
            return null;
        }
    }

    private static String compared(MathNode gold, MathNode answer) {
        if (answer == null) return null;
        try {
            return new Comparer(new Budget()).same(gold, answer);
        } catch (UndecidableException undecidable) {
            return null;
        }
    }

    private static boolean isMathematics(MathNode node) {
        return node != null && !(node instanceof MathNode.Words);
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
