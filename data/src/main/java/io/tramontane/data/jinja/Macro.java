package io.tramontane.data.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro, or the block of a {@code call}.
 *
 * @param defined the scope that it was defined in, whose names it sees
 */
record Macro(String name, List<Parameter> parameters, List<Statement> body, Scope defined) implements Callable {
    /** A parameter and what it is where nothing is given; null for undefined. */
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
    public Object call(Arguments given) {
        Budget budget = defined.budget();
        budget.enter();
        Scope scope = new Scope(defined);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (i < given.values().size()) {
                if (named.containsKey(parameter.name))
                    throw new Refusal("macro " + name + " got multiple values for argument " + parameter.name);
                scope.set(parameter.name, given.values().get(i));
            } else if (named.containsKey(parameter.name)) scope.set(parameter.name, named.remove(parameter.name));
            else scope.set(parameter.name, parameter.otherwise == null ? null : parameter.otherwise.value(scope));
        }
        Object caller = named.remove("caller");
        scope.set("caller", caller);
        scope.set("varargs", new Tuple(given.from(parameters.size()).values()));
        Map<Object, Object> rest = new LinkedHashMap<>();
        named.forEach((key, value) -> rest.put(MarkedText.own(key), value));
        scope.set("kwargs", rest);
        MarkedText text = Statement.printed(body, scope);
        budget.leave();
        return text;
    }
}
