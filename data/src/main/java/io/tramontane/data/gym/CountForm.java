package io.tramontane.data.gym;

/** Which form of a noun follows a whole number: one apple, 2 apples; одно яблоко, 2 яблока, 5 яблок. */
enum CountForm {
    ONE,
    FEW,
    MANY;

    /** The form for a number of at least 0. Only Russian has three; French counts 0 as one. */
    static CountForm of(String language, long number) {
        if (language.equals("ru")) {
            long ten = number % 10;
            long hundred = number % 100;
            if (ten == 1 && hundred != 11) return ONE;
            if (ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14)) return FEW;
            return MANY;
        }
        if (language.equals("fr")) return number <= 1 ? ONE : MANY;
        return number == 1 ? ONE : MANY;
    }

    /** The key of the form in a phrase resource. */
    String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
