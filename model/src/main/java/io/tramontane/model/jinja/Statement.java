package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;

/** A tag with what it encloses, or text. */
interface Statement {
    /** What follows. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow run(Scope scope, MarkedText.Builder out);

    /** One after the other, until one leaves the loop or the turn. */
    static Flow all(List<Statement> body, Scope scope, MarkedText.Builder out) {
        for (Statement statement : body) {
            scope.budget().step();
            Flow flow = statement.run(scope, out);
            if (flow != Flow.NEXT) return flow;
        }
        return Flow.NEXT;
    }

    /** What they print. */
    static MarkedText printed(List<Statement> body, Scope scope) {
        MarkedText.Builder out = new MarkedText.Builder();
        all(body, scope, out);
        return scope.budget().text(out.build());
    }
}
