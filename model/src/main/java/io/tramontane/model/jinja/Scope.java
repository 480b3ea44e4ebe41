package io.tramontane.model.jinja;

import java.util.HashMap;
import java.util.Map;

/** Variables of a template, of a loop iteration or of a macro call; other names are looked up in the enclosing scope. */
final class Scope {
    private static final int MOST_DEEP = 200;

    private final Scope outer;
    private final RenderBudget budget;
    private final int depth;
    private final Map<String, Object> names = new HashMap<>(); // never iterated: its order does not matter

    Scope(RenderBudget budget) {
        this.outer = null;
        this.budget = budget;
        this.depth = 0;
    }

    Scope(Scope outer) {
        this.outer = outer;
        this.budget = outer.budget;
        this.depth = outer.depth + 1;
        if (depth > MOST_DEEP) throw new TemplateException("nested too deeply");
    }

    RenderBudget budget() {
        return budget;
    }

    /** The value of a name, null (undefined) where there is none. */
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer)
            if (scope.names.containsKey(name)) return scope.names.get(name);
        return null;
    }

    void set(String name, Object value) {
        names.put(name, value);
    }
}
