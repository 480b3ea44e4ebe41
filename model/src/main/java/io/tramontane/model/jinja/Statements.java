package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import io.tramontane.model.jinja.Macro.Parameter;
import io.tramontane.model.jinja.Statement.Flow;
import io.tramontane.model.jinja.TemplateParts.Kind;
import io.tramontane.model.jinja.TemplateParts.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a template into statements. Tags that load other files are not supported: a chat template is one file. */
final class Statements {
    private static final int MOST_NESTED = 100;

    private final List<Part> parts;
    private final Deque<String> open = new ArrayDeque<>();
    private int at;
    private String ended; // the tag that ended the last body
    private Expressions end; // the same, behind its name

    private Statements(List<Part> parts) {
        this.parts = parts;
    }

    static List<Statement> of(String template) {
        return new Statements(TemplateParts.of(template)).body(Set.of());
    }

    /** Up to one of these tags, which is taken. */
    private List<Statement> body(Set<String> ends) {
        List<Statement> body = new ArrayList<>();
        while (at < parts.size()) {
            Part part = parts.get(at++);
            if (part.kind() == Kind.TEXT) body.add(text(part.text()));
            else if (part.kind() == Kind.OUTPUT) body.add(output(part.tokens()));
            else {
                Expressions tag = new Expressions(part.tokens());
                if (tag.done()) throw new TemplateException("an empty tag");
                String name = tag.next().text();
                if (ends.contains(name)) {
                    ended = name;
                    end = tag;
                    return body;
                }
                body.add(statement(name, tag));
            }
        }
        if (!ends.isEmpty()) throw new TemplateException("the tag " + open.peek() + " is not closed");
        return body;
    }

    private static Statement text(String text) {
        MarkedText own = MarkedText.own(text);
        return (scope, out) -> {
            scope.budget().text(own.length());
            out.append(own);
            return Flow.NEXT;
        };
    }

    private static Statement output(List<JinjaToken> tokens) {
        Expressions tag = new Expressions(tokens);
        Expression value = tag.tuple(true);
        tag.end();
        return (scope, out) -> {
            out.append(scope.budget().text(Python.str(value.value(scope))));
            return Flow.NEXT;
        };
    }

    private Statement statement(String name, Expressions tag) {
        return switch (name) {
            case "if" -> condition(tag);
            case "for" -> loop(tag);
            case "break", "continue" -> {
                tag.end();
                if (!open.contains("for")) throw new TemplateException(name + " outside a loop");
                Flow flow = name.equals("break") ? Flow.BREAK : Flow.CONTINUE;
                yield (scope, out) -> flow;
            }
            case "set" -> set(tag);
            case "macro" -> macro(tag);
            case "call" -> callBlock(tag);
            case "filter" -> filterBlock(tag);
            case "with" -> with(tag);
            case "generation" -> plain("generation", tag);
            case "autoescape" -> {
                if (!tag.take("false") && !tag.take("False"))
                    throw new TemplateException("the tag autoescape is not allowed, but for autoescape false");
                yield plain("autoescape", tag);
            }
            case "elif",
                    "else",
                    "endif",
                    "endfor",
                    "endset",
                    "endmacro",
                    "endcall",
                    "endfilter",
                    "endwith",
                    "endgeneration" ->
                throw new TemplateException(
                        name.equals("else") ? "else without if or for" : "the tag " + name + " closes nothing");
            default -> throw new TemplateException("the tag " + name + " is not allowed");
        };
    }

    /** The statements between a tag and its end tag. */
    private List<Statement> inside(String name, Set<String> ends) {
        open.push(name);
        if (open.size() > MOST_NESTED) throw new TemplateException("more than " + MOST_NESTED + " nested tags");
        List<Statement> body = body(ends);
        open.pop();
        return body;
    }

    private List<Statement> inside(String name) {
        List<Statement> body = inside(name, Set.of("end" + name));
        if (!name.equals("macro")) end.end();
        return body;
    }

    private Statement plain(String name, Expressions tag) {
        tag.end();
        List<Statement> body = inside(name);
        return (scope, out) -> Statement.all(body, scope, out);
    }

    private Statement condition(Expressions first) {
        List<Expression> conditions = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        Expressions tag = first;
        while (true) {
            conditions.add(tag.tuple(true));
            tag.end();
            bodies.add(inside("if", Set.of("elif", "else", "endif")));
            tag = end;
            if (!ended.equals("elif")) break;
        }
        List<Statement> otherwise = ended.equals("else") ? inside("if", Set.of("endif")) : List.of();
        return (scope, out) -> {
            for (int i = 0; i < conditions.size(); i++)
                if (Python.truth(conditions.get(i).value(scope))) return Statement.all(bodies.get(i), scope, out);
            return Statement.all(otherwise, scope, out);
        };
    }

    private Statement loop(Expressions tag) {
        Target target = Target.read(tag, "in");
        if (!tag.take("in")) throw new TemplateException("for without in");
        Expression items = tag.tuple(false);
        Expression keep = tag.take("if") ? tag.expression() : null;
        boolean recursive = tag.take("recursive");
        tag.end();
        List<Statement> body = inside("for", Set.of("else", "endfor"));
        List<Statement> otherwise = ended.equals("else") ? inside("else", Set.of("endfor")) : List.of();
        return new LoopStatement(target, items, keep, recursive, body, otherwise);
    }

    private Statement set(Expressions tag) {
        Target target = Target.read(tag, "=");
        if (tag.take("=")) {
            Expression value = tag.tuple(true);
            tag.end();
            return (scope, out) -> {
                target.assign(scope, value.value(scope));
                return Flow.NEXT;
            };
        }
        Expression filtered = filters(tag);
        List<Statement> body = inside("set");
        return (scope, out) -> {
            Scope inner = new Scope(scope);
            inner.set(BODY, Statement.printed(body, inner));
            target.assign(scope, filtered.value(inner));
            return Flow.NEXT;
        };
    }

    /** A name that no template can write. */
    private static final String BODY = "";

    /** "| filter | filter": of what a block prints. */
    private static Expression filters(Expressions tag) {
        Expression value = scope -> scope.get(BODY);
        while (tag.take("|")) value = tag.filter(value);
        tag.end();
        return value;
    }

    private Statement filterBlock(Expressions tag) {
        Expression first = tag.filter(scope -> scope.get(BODY));
        Expression filtered = first;
        while (tag.take("|")) filtered = tag.filter(filtered);
        tag.end();
        List<Statement> body = inside("filter");
        Expression value = filtered;
        return (scope, out) -> {
            Scope inner = new Scope(scope);
            inner.set(BODY, Statement.printed(body, inner));
            out.append(scope.budget().text(Python.str(value.value(inner))));
            return Flow.NEXT;
        };
    }

    private Statement macro(Expressions tag) {
        String name = tag.name("after macro");
        List<Parameter> parameters = Parameter.read(tag);
        tag.end();
        int from = at;
        List<Statement> body = inside("macro");
        Set<String> extras = extras(from);
        return (scope, out) -> {
            scope.set(name, new Macro(name, parameters, extras, body, scope));
            return Flow.NEXT;
        };
    }

    /** Which of a macro's extra arguments the parts from a place on speak of. */
    private Set<String> extras(int from) {
        return parts.subList(from, at).stream()
                .flatMap(part -> part.tokens().stream())
                .filter(token -> token.kind() == JinjaToken.Kind.NAME && Macro.EXTRAS.contains(token.text()))
                .map(JinjaToken::text)
                .collect(Collectors.toSet());
    }

    /** {% call(x) macro() %}: the macro may print the block by caller(x). */
    private Statement callBlock(Expressions tag) {
        List<Parameter> parameters = tag.sees("(") ? Parameter.read(tag) : List.of();
        String name = tag.name("after call");
        Expression function = scope -> scope.get(name);
        while (tag.take(".")) {
            MarkedText attribute = MarkedText.own(tag.name("after ."));
            Expression on = function;
            function = scope -> Values.attribute(on.value(scope), attribute, scope.budget());
        }
        ArgumentList arguments = tag.arguments();
        tag.end();
        int from = at;
        List<Statement> body = inside("call");
        Set<String> extras = extras(from);
        Expression called = function;
        return (scope, out) -> {
            if (!(called.value(scope) instanceof Callable callable))
                throw new TemplateException("unknown function " + name);
            Arguments given = arguments.in(scope);
            java.util.Map<String, Object> named = new java.util.LinkedHashMap<>(given.named());
            named.put("caller", new Macro("caller", parameters, extras, body, scope));
            out.append(Python.str(callable.call(new Arguments(given.values(), named))));
            return Flow.NEXT;
        };
    }

    private Statement with(Expressions tag) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tag.done()) {
            if (!targets.isEmpty()) tag.need(",");
            targets.add(Target.read(tag, "="));
            tag.need("=");
            values.add(tag.expression());
        }
        List<Statement> body = inside("with");
        return (scope, out) -> {
            Scope inner = new Scope(scope);
            for (int i = 0; i < targets.size(); i++)
                targets.get(i).assign(inner, values.get(i).value(scope));
            return Statement.all(body, inner, out);
        };
    }
}
