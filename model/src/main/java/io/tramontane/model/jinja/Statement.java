package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;

/** A tag with its body, or text. */
interface Statement {
    /** How execution goes on after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow run(Scope scope, MarkedText.Builder out);

    /** Runs statements in order, until one leaves the loop or the iteration. */
    static Flow all(List<Statement> body, Scope scope, MarkedText.Builder out) {
        for (Statement statement : body) {
            scope.budget().step();
            Flow flow = statement.run(scope, out);
            if (flow != Flow.NEXT) return flow;
        }
        return Flow.NEXT;
    }

    /** The text that statements print. */
    static MarkedText printed(List<Statement> body, Scope scope) {
        MarkedText.Builder out = new MarkedText.Builder();
        all(body, scope, out);
        return scope.budget().text(out.build());
    }
}
