package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template knows: transformers' two and Jinja's own. They are values: {@code strftime_now is defined}. */
final class Globals {
    private static final int MOST_RANGE = 100_000;

    private Globals() {}

    static void into(Scope scope, LocalDateTime now) {
        RenderBudget budget = scope.budget();
        scope.set("raise_exception", (Callable) given -> {
            throw new TemplateException(
                    Python.str(given.get(0, "message", null)).string());
        });
        scope.set("strftime_now", (Callable) given -> {
            MarkedText format = given.text(0, "format", "");
            String date = Dates.format(now, format.string());
            return format.foreign(0, format.length()) ? MarkedText.foreign(date) : MarkedText.own(date);
        });
        scope.set("namespace", (Callable) given -> new Namespace(named(given)));
        scope.set("dict", (Callable) Globals::named);
        scope.set("range", (Callable) given -> range(budget, given));
        scope.set("joiner", (Callable) Globals::joiner);
        scope.set("cycler", (Callable) Cycler::new);
        scope.set("lipsum", (Callable) given -> {
            throw new TemplateException("lipsum is random: not supported");
        });
    }

    private static Map<Object, Object> named(Arguments given) {
        Map<Object, Object> map = new LinkedHashMap<>();
        Object first = given.get(0, "", null);
        if (first instanceof Map<?, ?> start) map.putAll(start);
        else if (first != null)
            for (Object item : Python.items(first)) {
                List<Object> pair = Python.items(item);
                if (pair.size() != 2) throw new TemplateException("dict: an item is no pair");
                map.put(pair.get(0), pair.get(1));
            }
        given.named().forEach((name, value) -> map.put(MarkedText.own(name), value));
        return map;
    }

    private static List<Object> range(RenderBudget budget, Arguments given) {
        if (given.values().isEmpty() || given.count() > 3)
            throw new TemplateException("range expects 1 to 3 arguments");
        long first = given.whole(0, "", 0);
        boolean one = given.count() == 1;
        long start = one ? 0 : first;
        long stop = one ? first : given.whole(1, "", 0);
        long step = given.whole(2, "", 1);
        if (step == 0) throw new TemplateException("range() arg 3 must not be zero");
        List<Object> range = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (range.size() >= MOST_RANGE)
                throw new TemplateException(
                        "Range too big. The sandbox blocks ranges larger than MAX_RANGE=" + MOST_RANGE + ".");
            range.add(i);
        }
        return budget.list(range);
    }

    private static Callable joiner(Arguments given) {
        MarkedText between = given.text(0, "sep", ", ");
        boolean[] used = new boolean[1];
        return ignored -> {
            MarkedText text = used[0] ? between : MarkedText.EMPTY;
            used[0] = true;
            return text;
        };
    }

    /** What {@code cycler('odd', 'even')} makes. */
    private static final class Cycler implements Attributes {
        private final List<Object> items;
        private int at;

        Cycler(Arguments given) {
            items = given.values();
            if (items.isEmpty()) throw new TemplateException("at least one item has to be provided");
        }

        @Override
        public Object attribute(String name) {
            return switch (name) {
                case "current" -> items.get(at);
                case "next" ->
                    (Callable) given -> {
                        Object item = items.get(at);
                        at = (at + 1) % items.size();
                        return item;
                    };
                case "reset" ->
                    (Callable) given -> {
                        at = 0;
                        return None.NONE;
                    };
                default -> null;
            };
        }
    }
}
