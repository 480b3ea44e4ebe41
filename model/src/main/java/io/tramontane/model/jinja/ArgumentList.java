package io.tramontane.model.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call, as the template writes them. */
record ArgumentList(List<Argument> arguments) {
    static final ArgumentList NONE = new ArgumentList(List.of());

    /**
     * One of them.
     *
     * @param name of a keyword argument, else null
     * @param stars 1 for *list, 2 for **dict
     */
    record Argument(Expression value, String name, int stars) {}

    /** Their values. */
    Arguments in(Scope scope) {
        if (arguments.isEmpty()) return Arguments.NONE;
        List<Object> values = new ArrayList<>();
        Map<String, Object> named = new LinkedHashMap<>();
        for (Argument argument : arguments) {
            Object value = argument.value.value(scope);
            if (argument.stars == 1) values.addAll(scope.budget().list(Python.items(value)));
            else if (argument.stars == 2 && value instanceof Map<?, ?> map)
                map.forEach((key, item) -> named.put(Python.str(key).string(), item));
            else if (argument.stars == 2) throw new TemplateException("argument after ** must be a mapping");
            else if (argument.name != null) named.put(argument.name, value);
            else values.add(value);
        }
        return new Arguments(values, named);
    }
}
