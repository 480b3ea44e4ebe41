package io.tramontane.model.jinja;

import io.tramontane.model.jinja.JinjaToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads Jinja expressions into trees that are evaluated with Python's rules. Precedence is Jinja's, lowest first:
 * <pre>  x if c else y,  or,  and,  not,  == != &lt; in ...,  + -,  ~,  * / // %,  **,  sign,  .name [item] (call) |filter is test</pre>
 */
final class Expressions extends Operands {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");
    private static final List<Set<String>> LEFT_TO_RIGHT =
            List.of(Set.of("+", "-"), Set.of("~"), Set.of("*", "/", "//", "%"), Set.of("**"));
    private static final int MOST_DEEP = 400;

    private int depth;

    Expressions(List<JinjaToken> tokens) {
        super(tokens);
    }

    /** One expression, or several with commas between: a tuple. */
    @Override
    Expression tuple(boolean conditional) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple()) {
            items.add(conditional ? expression() : either());
            comma = take(",");
            if (!comma) break;
        }
        if (items.isEmpty()) throw new TemplateException("an expression is missing");
        if (items.size() == 1 && !comma) return items.get(0);
        return tupleOf(items);
    }

    private boolean endsTuple() {
        return done() || sees(")") || sees("=") || sees("]") || sees("if") || sees("recursive");
    }

    @Override
    Expression expression() {
        if (++depth > MOST_DEEP) throw new TemplateException("nested too deeply");
        Expression value = either();
        while (take("if")) {
            Expression chosen = value;
            Expression condition = either();
            Expression otherwise = take("else") ? expression() : scope -> null;
            value = scope -> Python.truth(condition.value(scope)) ? chosen.value(scope) : otherwise.value(scope);
        }
        depth--;
        return value;
    }

    @Override
    Expression either() {
        Expression value = both();
        while (take("or")) {
            Expression left = value;
            Expression right = both();
            value = scope -> {
                Object first = left.value(scope);
                return Python.truth(first) ? first : right.value(scope);
            };
        }
        return value;
    }

    private Expression both() {
        Expression value = negation();
        while (take("and")) {
            Expression left = value;
            Expression right = negation();
            value = scope -> {
                Object first = left.value(scope);
                return Python.truth(first) ? right.value(scope) : first;
            };
        }
        return value;
    }

    private Expression negation() {
        boolean some = false;
        boolean negated = false;
        while (take("not")) {
            some = true;
            negated = !negated;
        }
        Expression operand = comparison();
        if (!some) return operand;
        boolean odd = negated;
        return scope -> Python.truth(operand.value(scope)) != odd;
    }

    /** One comparison or a chain of them: 1 < x < 3 compares neighbours. */
    private Expression comparison() {
        Expression first = leftToRight(0);
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (true) {
            String operator;
            if (peek().kind() == Kind.OPERATOR && COMPARISONS.contains(peek().text())) operator = next().text();
            else if (take("in")) operator = "in";
            else if (sees("not") && peek(1).is("in")) {
                next();
                next();
                operator = "not in";
            } else break;
            operators.add(operator);
            operands.add(leftToRight(0));
        }
        return operators.isEmpty() ? first : scope -> chain(operators, operands, scope);
    }

    private static Object chain(List<String> operators, List<Expression> operands, Scope scope) {
        Object left = operands.get(0).value(scope);
        for (int i = 0; i < operators.size(); i++) {
            Object right = operands.get(i + 1).value(scope);
            String operator = operators.get(i);
            Operators apply = new Operators(stepped(scope));
            boolean holds = operator.equals("not in")
                    ? !Python.truth(apply.apply("in", left, right))
                    : Python.truth(apply.apply(operator, left, right));
            if (!holds) return false;
            left = right;
        }
        return true;
    }

    private Expression leftToRight(int level) {
        if (level == LEFT_TO_RIGHT.size()) return signed(true);
        Expression value = leftToRight(level + 1);
        while (peek().kind() == Kind.OPERATOR && LEFT_TO_RIGHT.get(level).contains(peek().text())) {
            String operator = next().text();
            Expression left = value;
            Expression right = leftToRight(level + 1);
            value = scope -> new Operators(stepped(scope)).apply(operator, left.value(scope), right.value(scope));
        }
        return value;
    }

    /** A sign binds tighter than a filter after it: -1|abs is 1. */
    private Expression signed(boolean filters) {
        Expression value;
        if (sees("-") || sees("+")) {
            String sign = next().text();
            if (++depth > MOST_DEEP) throw new TemplateException("nested too deeply");
            Expression operand = signed(false);
            depth--;
            value = scope -> new Operators(stepped(scope)).apply(sign, 0L, operand.value(scope));
        } else value = primary();
        value = postfix(value);
        return filters ? filtered(value) : value;
    }
}
