package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Filters that make numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static Object apply(String name, Object value, Arguments given) {
        return switch (name) {
            case "int" -> whole(value, given);
            case "float" -> real(value, given);
            case "abs" -> {
                if (value instanceof Long number) yield Math.abs(number);
                if (value instanceof Double number) yield Math.abs(number);
                throw new TemplateException("abs of " + Python.typeName(value));
            }
            default -> round(value, given);
        };
    }

    private static Object whole(Object value, Arguments given) {
        Object otherwise = given.get(0, "default", 0L);
        if (!(value instanceof MarkedText text)) {
            Number number = Python.number(value);
            return number == null ? otherwise : (Object) number.longValue();
        }
        String digits = text.string().strip().replace("_", "");
        int base = (int) given.whole(1, "base", 10);
        String prefix = base == 16 ? "0[xX]" : base == 8 ? "0[oO]" : base == 2 ? "0[bB]" : "";
        try {
            return Long.parseLong(digits.replaceFirst("^([-+]?)" + prefix, "$1"), base);
        } catch (NumberFormatException e) {
            try {
                double number = Double.parseDouble(digits);
                return Double.isNaN(number) || Double.isInfinite(number) ? otherwise : (Object) (long) number;
            } catch (NumberFormatException alsoNot) {
                return otherwise;
            }
        }
    }

    private static Object real(Object value, Arguments given) {
        Object otherwise = given.get(0, "default", 0.0);
        if (!(value instanceof MarkedText text)) {
            Number number = Python.number(value);
            return number == null ? otherwise : (Object) number.doubleValue();
        }
        try {
            return Double.parseDouble(text.string().strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object round(Object value, Arguments given) {
        Number number = Python.number(value);
        if (number == null) throw new TemplateException("round of " + Python.typeName(value));
        long precision = Math.max(-20, Math.min(20, given.whole(0, "precision", 0)));
        String method = given.string(1, "method", "common");
        double scale = Math.pow(10, precision);
        return switch (method) {
            case "common" -> {
                if (number instanceof Long && precision >= 0) yield number;
                if (Double.isNaN(number.doubleValue()) || Double.isInfinite(number.doubleValue())) yield number;
                BigDecimal rounded =
                        new BigDecimal(number.toString()).setScale((int) precision, RoundingMode.HALF_EVEN);
                if (number instanceof Double exact)
                    rounded = new BigDecimal(exact).setScale((int) precision, RoundingMode.HALF_EVEN);
                yield number instanceof Long ? (Object) rounded.longValue() : (Object) rounded.doubleValue();
            }
            case "ceil" -> Math.ceil(number.doubleValue() * scale) / scale;
            case "floor" -> Math.floor(number.doubleValue() * scale) / scale;
            default -> throw new TemplateException("round: method must be common, ceil or floor");
        };
    }
}
