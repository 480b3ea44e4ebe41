package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A macro, or the block of a {@code call}.
 *
 * @param extras which of {@link #EXTRAS} its body uses
 * @param defined the scope of its definition, whose variables it sees
 */
record Macro(String name, List<Parameter> parameters, Set<String> extras, List<Statement> body, Scope defined)
        implements Callable, Attributes {
    /** Arguments that a macro accepts beyond its parameters if its body uses them. */
    static final Set<String> EXTRAS = Set.of("varargs", "kwargs", "caller");

    /** A parameter and its default; null for undefined. */
    record Parameter(String name, Expression otherwise) {
        /** Reads "(a, b=1)", from the opening bracket. */
        static List<Parameter> read(Expressions tag) {
            tag.need("(");
            List<Parameter> parameters = new ArrayList<>();
            while (!tag.take(")")) {
                if (!parameters.isEmpty()) {
                    tag.need(",");
                    if (tag.take(")")) break;
                }
                String name = tag.name("in a macro's brackets");
                parameters.add(new Parameter(name, tag.take("=") ? tag.expression() : null));
            }
            return parameters;
        }
    }

    @Override
    public Object attribute(String attribute) {
        if (attribute.equals("name")) return MarkedText.own(name);
        if (!attribute.equals("arguments")) return null;
        return new Tuple(parameters.stream().map(p -> MarkedText.own(p.name)).toList());
    }

    @Override
    public Object call(Arguments given) {
        RenderBudget budget = defined.budget();
        budget.enter();
        Scope scope = new Scope(defined);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (i < given.values().size()) {
                if (named.containsKey(parameter.name))
                    throw new TemplateException(
                            "macro " + name + " got multiple values for argument " + parameter.name);
                scope.set(parameter.name, given.values().get(i));
            } else if (named.containsKey(parameter.name)) scope.set(parameter.name, named.remove(parameter.name));
            else scope.set(parameter.name, parameter.otherwise == null ? null : parameter.otherwise.value(scope));
        }
        if (extras.contains("caller")) scope.set("caller", named.remove("caller"));
        Tuple more = new Tuple(given.from(parameters.size()).values());
        if (!more.isEmpty() && !extras.contains("varargs"))
            throw new TemplateException("macro " + name + " takes not more than " + parameters.size() + " argument(s)");
        if (!named.isEmpty() && !extras.contains("kwargs"))
            throw new TemplateException("macro " + name + " takes no keyword argument "
                    + named.keySet().iterator().next());
        scope.set("varargs", more);
        Map<Object, Object> rest = new LinkedHashMap<>();
        named.forEach((key, value) -> rest.put(MarkedText.own(key), value));
        scope.set("kwargs", rest);
        MarkedText text = Statement.printed(body, scope);
        budget.leave();
        return text;
    }
}
