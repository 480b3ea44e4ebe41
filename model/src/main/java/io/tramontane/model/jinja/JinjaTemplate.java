package io.tramontane.model.jinja;

import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat template, ready to be rendered any number of times. Templates are untrusted: each becomes a text or one {@link
 * BadInputException} within seconds, and sees nothing but the variables. Every printed character is marked as the
 * template's or as one of a variable.
 */
public final class JinjaTemplate {
    private final String where;
    private final List<Statement> body;

    /** Reads a template; {@code where} names it in errors. */
    public JinjaTemplate(String where, String template) {
        this.where = where;
        try {
            body = Statements.of(template);
        } catch (TemplateException e) {
            throw bad(e.getMessage());
        } catch (StackOverflowError e) {
            throw bad("nested too deeply");
        }
    }

    /**
     * The text for these variables: JSON values, that is null, Boolean, Number, String, MarkedText, List and Map with
     * string keys. A String is foreign; a MarkedText keeps its marks.
     *
     * @param now the time that strftime_now formats
     */
    public MarkedText render(Map<String, ?> variables, LocalDateTime now) {
        try {
            Scope globals = new Scope(new RenderBudget());
            Globals.into(globals, now);
            Scope scope = new Scope(globals);
            variables.forEach((name, value) -> scope.set(name, python(value)));
            return Statement.printed(body, scope);
        } catch (TemplateException e) {
            throw bad(e.getMessage());
        } catch (StackOverflowError e) {
            throw bad("nested too deeply");
        }
    }

    private BadInputException bad(String why) {
        String line = String.valueOf(why).replaceAll("\\s+", " ").strip();
        return new BadInputException(where + ": " + (line.length() > 300 ? line.substring(0, 300) + "..." : line));
    }

    private static Object python(Object value) {
        if (value == null) return None.NONE;
        if (value instanceof String text) return MarkedText.foreign(text);
        if (value instanceof Integer || value instanceof Short || value instanceof Byte)
            return ((Number) value).longValue();
        if (value instanceof Float number) return number.doubleValue();
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            for (Object item : list) items.add(python(item));
            return items;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            map.forEach((key, item) -> entries.put(MarkedText.foreign(String.valueOf(key)), python(item)));
            return entries;
        }
        if (value instanceof Boolean || value instanceof Long || value instanceof Double || value instanceof MarkedText)
            return value;
        throw new TemplateException("a variable of type " + value.getClass().getSimpleName() + " is no JSON value");
    }
}
