package io.tramontane.model.jinja;

import java.util.ArrayList;
import java.util.List;

/** What a value is assigned to: a name, an attribute of a namespace, or several of these. */
interface Target {
    void assign(Scope scope, Object value);

    /** Reads one; {@code until} is the word that ends it. */
    static Target read(TokenCursor cursor, String until) {
        List<Target> parts = new ArrayList<>();
        boolean comma = false;
        while (!cursor.done() && !cursor.sees(until) && !cursor.sees(")")) {
            parts.add(one(cursor));
            comma = cursor.take(",");
            if (!comma) break;
        }
        if (parts.isEmpty()) throw new TemplateException("a name is missing before " + until);
        return parts.size() == 1 && !comma ? parts.get(0) : (scope, value) -> unpack(parts, scope, value);
    }

    private static Target one(TokenCursor cursor) {
        if (cursor.take("(")) {
            Target inside = read(cursor, ")");
            cursor.need(")");
            return inside;
        }
        String name = cursor.name("to assign to");
        if (!cursor.take(".")) return (scope, value) -> scope.set(name, value);
        String attribute = cursor.name("after .");
        return (scope, value) -> {
            if (!(scope.get(name) instanceof Namespace namespace))
                throw new TemplateException("cannot assign attribute on non-namespace object");
            namespace.put(attribute, value);
        };
    }

    private static void unpack(List<Target> parts, Scope scope, Object value) {
        List<Object> values = Python.items(value);
        if (values.size() != parts.size())
            throw new TemplateException("cannot unpack " + values.size() + " values into " + parts.size() + " names");
        for (int i = 0; i < parts.size(); i++) parts.get(i).assign(scope, values.get(i));
    }
}
