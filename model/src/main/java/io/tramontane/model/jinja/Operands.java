package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import io.tramontane.model.jinja.JinjaToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads operands and what may follow one: attributes, items, calls, filters, tests. */
abstract class Operands extends TokenCursor {
    private static final Set<String> WORDS = Set.of("and", "or", "not", "in", "is", "if", "else");

    Operands(List<JinjaToken> tokens) {
        super(tokens);
    }

    abstract Expression expression();

    abstract Expression either();

    abstract Expression tuple(boolean conditional);

    static RenderBudget stepped(Scope scope) {
        scope.budget().step();
        return scope.budget();
    }

    static Expression tupleOf(List<Expression> items) {
        return scope -> new Tuple(stepped(scope).list(values(items, scope)));
    }

    private static List<Object> values(List<Expression> items, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression item : items) values.add(item.value(scope));
        return values;
    }

    final Expression primary() {
        JinjaToken token = next();
        return switch (token.kind()) {
            case STRING -> constant(MarkedText.own(token.text()));
            case NUMBER -> constant(number(token.text()));
            case NAME -> named(token.text());
            case OPERATOR -> bracket(token);
        };
    }

    private static Expression constant(Object value) {
        return scope -> value;
    }

    private static Object number(String text) {
        try {
            if (text.length() > 1 && text.charAt(0) == '0' && Character.isLetter(text.charAt(1))) {
                int base = "bB".indexOf(text.charAt(1)) >= 0 ? 2 : "oO".indexOf(text.charAt(1)) >= 0 ? 8 : 16;
                return Long.parseLong(text.substring(2), base);
            }
            if (text.chars().allMatch(Character::isDigit)) return Long.parseLong(text);
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TemplateException("the number " + text + " is too large");
        }
    }

    private Expression named(String name) {
        return switch (name) {
            case "true", "True" -> constant(true);
            case "false", "False" -> constant(false);
            case "none", "None" -> constant(None.NONE);
            default -> {
                if (WORDS.contains(name)) throw new TemplateException("unexpected " + name);
                if (!sees("(")) yield scope -> scope.get(name);
                ArgumentList arguments = arguments();
                yield scope -> called(name, scope.get(name), arguments, scope);
            }
        };
    }

    private static Object called(String name, Object value, ArgumentList arguments, Scope scope) {
        stepped(scope);
        if (value instanceof Callable callable) return callable.call(arguments.in(scope));
        if (value instanceof Loop loop) return loop.recursion(arguments.in(scope));
        throw new TemplateException(
                value == null ? "unknown function " + name : Python.typeName(value) + " is not callable");
    }

    private Expression bracket(JinjaToken open) {
        if (open.is("(")) {
            if (take(")")) return scope -> new Tuple(List.of());
            Expression inside = tuple(true);
            need(")");
            return inside;
        }
        if (open.is("[")) {
            List<Expression> items = items("]");
            return scope -> stepped(scope).list(values(items, scope));
        }
        if (open.is("{")) return dict();
        throw new TemplateException("unexpected " + Python.repr(MarkedText.own(open.text())));
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!take(close)) {
            if (!items.isEmpty()) {
                need(",");
                if (take(close)) break;
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!take("}")) {
            if (!keys.isEmpty()) {
                need(",");
                if (take("}")) break;
            }
            keys.add(expression());
            if (!take(":")) throw new TemplateException("a dict needs key: value");
            values.add(expression());
        }
        return scope -> {
            stepped(scope).items(2L * keys.size());
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++)
                dict.put(keys.get(i).value(scope), values.get(i).value(scope));
            return dict;
        };
    }

    /** .name, [item], [a:b], (call). */
    final Expression postfix(Expression first) {
        Expression value = first;
        while (true) {
            if (take(".")) value = attribute(value);
            else if (take("[")) value = item(value);
            else if (sees("(")) value = call(value);
            else return value;
        }
    }

    private Expression call(Expression function) {
        ArgumentList arguments = arguments();
        return scope -> called("", function.value(scope), arguments, scope);
    }

    private Expression attribute(Expression on) {
        if (done() || peek().kind() != Kind.NAME && peek().kind() != Kind.NUMBER)
            throw new TemplateException("a name is missing after .");
        JinjaToken token = next();
        if (token.kind() == Kind.NUMBER) {
            Object place = number(token.text());
            return scope -> Values.item(on.value(scope), place, stepped(scope));
        }
        MarkedText name = MarkedText.own(token.text());
        if (!sees("(")) return scope -> Values.attribute(on.value(scope), name, stepped(scope));
        ArgumentList arguments = arguments();
        return scope -> {
            Object value = on.value(scope);
            if (value == null) throw new TemplateException("an undefined value has no " + Python.repr(name));
            return new Methods(stepped(scope)).call(name.string(), value, arguments.in(scope));
        };
    }

    private Expression item(Expression on) {
        List<Expression> bounds = new ArrayList<>();
        boolean slice = false;
        Expression none = constant(None.NONE);
        bounds.add(sees(":") ? none : tuple(true));
        while (take(":")) {
            slice = true;
            bounds.add(sees(":") || sees("]") ? none : expression());
        }
        need("]");
        if (!slice) {
            Expression key = bounds.get(0);
            return scope -> Values.item(on.value(scope), key.value(scope), stepped(scope));
        }
        if (bounds.size() > 3) throw new TemplateException("a damaged slice");
        while (bounds.size() < 3) bounds.add(none);
        return scope -> Values.slice(
                on.value(scope),
                bounds.get(0).value(scope),
                bounds.get(1).value(scope),
                bounds.get(2).value(scope),
                stepped(scope));
    }

    /** |filter and is test, and calls of what they give. */
    final Expression filtered(Expression first) {
        Expression value = first;
        while (true) {
            if (take("|")) value = filter(value);
            else if (take("is")) value = test(value);
            else if (sees("(")) value = call(value);
            else return value;
        }
    }

    /** The filter whose name comes next, on a value. */
    final Expression filter(Expression value) {
        String name = dotted("after |");
        ArgumentList arguments = sees("(") ? arguments() : ArgumentList.NONE;
        return scope -> new Filters(stepped(scope)).apply(name, value.value(scope), arguments.in(scope));
    }

    private String dotted(String where) {
        StringBuilder name = new StringBuilder(name(where));
        while (take(".")) name.append('.').append(name(where));
        return name.toString();
    }

    private Expression test(Expression value) {
        boolean negated = take("not");
        String name = dotted("after is");
        ArgumentList arguments = ArgumentList.NONE;
        JinjaToken next = peek();
        if (sees("(")) arguments = arguments();
        else if (!done()
                && (next.opens() || next.kind() != Kind.OPERATOR)
                && !(next.kind() == Kind.NAME && WORDS.contains(next.text()))) {
            Expression argument = postfix(primary());
            arguments = new ArgumentList(List.of(new ArgumentList.Argument(argument, null, 0)));
        }
        ArgumentList given = arguments;
        return scope -> {
            stepped(scope);
            return Tests.of(name, value.value(scope), given.in(scope)) != negated;
        };
    }

    /** From the opening bracket to the closing one. */
    final ArgumentList arguments() {
        need("(");
        List<ArgumentList.Argument> arguments = new ArrayList<>();
        while (!take(")")) {
            if (!arguments.isEmpty()) {
                need(",");
                if (take(")")) break;
            }
            int stars = take("**") ? 2 : take("*") ? 1 : 0;
            boolean keyword = stars == 0 && peek().kind() == Kind.NAME && peek(1).is("=");
            String name = keyword ? next().text() : null;
            if (keyword) next();
            arguments.add(new ArgumentList.Argument(expression(), name, stars));
        }
        return new ArgumentList(arguments);
    }
}
