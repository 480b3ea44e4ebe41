package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.List;

/**
 * Jinja's for: every iteration has its own scope, whose variables the next does not see; a condition filters the items
 * before they are counted; {@code else} is for an empty list.
 *
 * @param keep the condition, null for none
 */
record LoopStatement(
        Target target,
        Expression items,
        Expression keep,
        boolean recursive,
        List<Statement> body,
        List<Statement> otherwise)
        implements Statement {
    @Override
    public Flow run(Scope scope, MarkedText.Builder out) {
        return over(items.value(scope), scope, out, 1);
    }

    private Flow over(Object value, Scope scope, MarkedText.Builder out, int depth) {
        List<Object> kept = new ArrayList<>();
        for (Object item : scope.budget().list(Python.items(value))) {
            if (keep != null) {
                scope.budget().step();
                Scope test = new Scope(scope);
                target.assign(test, item);
                if (!Python.truth(keep.value(test))) continue;
            }
            kept.add(item);
        }
        Callable recursion = recursive ? given -> nested(given.get(0, "iterable", null), scope, depth + 1) : null;
        Loop loop = new Loop(kept, depth, recursion);
        while (loop.advance()) {
            scope.budget().step();
            Scope iteration = new Scope(scope);
            iteration.set("loop", loop);
            target.assign(iteration, loop.item());
            if (Statement.all(body, iteration, out) == Flow.BREAK) break;
        }
        return kept.isEmpty() ? Statement.all(otherwise, new Scope(scope), out) : Flow.NEXT;
    }

    private MarkedText nested(Object value, Scope scope, int depth) {
        scope.budget().enter();
        MarkedText.Builder out = new MarkedText.Builder();
        over(value, scope, out, depth);
        scope.budget().leave();
        return scope.budget().text(out.build());
    }
}
