package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.List;

/** Operators between two values. */
record Operators(RenderBudget budget) {
    Object apply(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Python.equal(left, right);
            case "!=" -> !Python.equal(left, right);
            case "<" -> Python.compare(left, right) < 0;
            case "<=" -> Python.compare(left, right) <= 0;
            case ">" -> Python.compare(left, right) > 0;
            case ">=" -> Python.compare(left, right) >= 0;
            case "in" -> Tests.contains(right, left);
            case "~" -> joined(Python.str(left), Python.str(right));
            case "+" -> add(left, right);
            case "*" -> multiply(left, right);
            case "%" -> remainder(left, right);
            default -> arithmetic(operator, left, right);
        };
    }

    private MarkedText joined(MarkedText left, MarkedText right) {
        budget.text((long) left.length() + right.length());
        return left.plus(right);
    }

    private Object add(Object left, Object right) {
        if (left instanceof MarkedText a && right instanceof MarkedText b) return joined(a, b);
        if (left instanceof List<?> a && right instanceof List<?> b && a instanceof Tuple == b instanceof Tuple) {
            budget.items((long) a.size() + b.size());
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return a instanceof Tuple ? new Tuple(both) : both;
        }
        return arithmetic("+", left, right);
    }

    private Object multiply(Object left, Object right) {
        if (left instanceof Long && (right instanceof MarkedText || right instanceof List))
            return multiply(right, left);
        if (left instanceof MarkedText text && right instanceof Long times) {
            long count = Math.max(0, times);
            budget.text(count > 16_000_000 ? Long.MAX_VALUE / 2 : count * text.length());
            MarkedText.Builder made = new MarkedText.Builder();
            for (long i = 0; i < count && !text.isEmpty(); i++) made.append(text);
            return made.build();
        }
        if (left instanceof List<?> list && right instanceof Long times) {
            long count = Math.max(0, times);
            budget.items(count > 2_000_000 ? Long.MAX_VALUE / 2 : count * list.size());
            List<Object> made = new ArrayList<>();
            for (long i = 0; i < count && !list.isEmpty(); i++) made.addAll(list);
            return list instanceof Tuple ? new Tuple(made) : made;
        }
        return arithmetic("*", left, right);
    }

    private Object remainder(Object left, Object right) {
        if (left instanceof MarkedText format) return new Formats(budget).percent(format, right);
        return arithmetic("%", left, right);
    }

    private static Object arithmetic(String operator, Object left, Object right) {
        Number a = Python.number(left);
        Number b = Python.number(right);
        if (a == null || b == null)
            throw new TemplateException("unsupported operand types for " + operator + ": " + Python.typeName(left)
                    + " and " + Python.typeName(right));
        try {
            if (a instanceof Long x && b instanceof Long y && !operator.equals("/")) return integers(operator, x, y);
        } catch (ArithmeticException e) {
            throw new TemplateException(operator + ": "
                    + (e.getMessage().contains("zero") ? "division by zero" : "the number is too large"));
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> divided(x, y);
            case "//" -> Math.floor(divided(x, y));
            case "%" -> x - y * Math.floor(divided(x, y));
            case "**" -> Math.pow(x, y);
            default -> throw new TemplateException("unknown operator " + operator);
        };
    }

    private static Object integers(String operator, long x, long y) {
        return switch (operator) {
            case "+" -> Math.addExact(x, y);
            case "-" -> Math.subtractExact(x, y);
            case "*" -> Math.multiplyExact(x, y);
            case "//" -> Math.floorDiv(x, y);
            case "%" -> Math.floorMod(x, y);
            case "**" -> {
                double power = Math.pow(x, y);
                if (y >= 0 && Math.abs(power) < 1e15) yield (long) power;
                yield power;
            }
            default -> throw new TemplateException("unknown operator " + operator);
        };
    }

    private static double divided(double x, double y) {
        if (y == 0) throw new TemplateException("division by zero");
        return x / y;
    }
}
