package io.tramontane.cluster.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One value that a user gave, before its type is known.
 *
 * @param path the key from the root, {@code trainer.loss.clipHigh}
 * @param values the text of a scalar (one entry), or of every item of a list
 * @param isList true for a list
 * @param sections of a list of sections what each of them sets, by path from the section
 * @param where file and line, or the flag as it was typed
 */
public record Setting(String path, List<String> values, boolean isList, List<List<Setting>> sections, String where) {
    /** No list of sections. */
    Setting(String path, List<String> values, boolean isList, String where) {
        this(path, values, isList, List.of(), where);
    }

    /** Ends the path of a map, whose keys are the user's. */
    public static final String ANY_NAME = ".<name>";

    /** Every leaf of a YAML file, in its order. */
    static List<Setting> ofFile(Path file) {
        try (JsonParser parser = parser(new StringReader(ConfigText.read(file)))) {
            List<Setting> settings = new ArrayList<>();
            JsonToken first = parser.nextToken();
            if (first == null) return settings;
            if (first != JsonToken.START_OBJECT)
                throw new BadInputException(file + ": is not YAML with keys and values at its top");
            readObject(parser, "", at -> file + ":" + at.getLineNr(), settings);
            return settings;
        } catch (NoSuchFileException e) {
            throw new BadInputException(file + ": no such file");
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": is not UTF-8 text");
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new BadInputException(file + ":" + line + ": not valid YAML: " + reason(e));
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** {@code path=value}; a list is written {@code [a, b]} or {@code a,b}. */
    static Setting ofFlag(String flag) {
        int equals = flag.indexOf('=');
        if (equals < 1) throw new BadInputException("--set " + flag + ": must look like path=value");
        if (flag.length() > ConfigText.LONGEST_LINE)
            throw new BadInputException("--set " + flag.substring(0, Math.min(equals, 80)) + "=...: " + flag.length()
                    + " characters, at most " + ConfigText.LONGEST_LINE + " are allowed");
        String value = flag.substring(equals + 1).trim();
        String where = "--set " + flag;
        String path = flag.substring(0, equals).trim();
        if (!value.startsWith("[")) return new Setting(path, List.of(value), false, where);
        try (JsonParser parser = parser(new StringReader(value))) {
            parser.nextToken();
            return list(path, parser, at -> where, where);
        } catch (IOException e) {
            throw new BadInputException(where + ": not a list, must look like [a, b]");
        }
    }

    /** A value as YAML; strings are quoted where YAML would read something else. */
    static String written(Object value) {
        if (!(value instanceof String text)) return String.valueOf(value);
        if (text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) return text;
        boolean plain = text.matches("[A-Za-z/][A-Za-z0-9_./:-]*[A-Za-z0-9]|[A-Za-z]")
                && !text.matches("(?i)y|n|yes|no|on|off|true|false|null");
        return plain
                ? text
                : '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** Where the stage of a schedule stands that a message begins with. */
    String stageNamed(String message) {
        for (List<Setting> stage : sections)
            for (Setting setting : stage)
                if (setting.path.equals("step")
                        && message.startsWith("schedule, stage of step " + setting.values.get(0) + ":"))
                    return setting.where;
        return where;
    }

    /** {@code key: {}}: nothing is set, but the key must be one. */
    boolean isEmptySection() {
        return values.isEmpty() && !isList;
    }

    /** The single value. */
    String text() {
        checkPlain();
        if (isList) throw wrong("one value");
        return values.get(0);
    }

    private void checkPlain() {
        if (!sections.isEmpty()) throw new BadInputException(where + ": a list may hold plain values only");
    }

    /** The items of a list, each as a setting of its own. */
    List<Setting> items() {
        checkPlain();
        List<String> items = isList ? values : List.of(values.get(0).split("\\s*,\\s*"));
        return items.stream()
                .map(item -> new Setting(path, List.of(item), false, where))
                .toList();
    }

    /** Refuses a path that is no value of the tree, with the nearest name. */
    void checkPath(Set<String> sections, Set<String> leaves) {
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('.')));
        String section = parent.substring(0, Math.max(0, parent.lastIndexOf('.')));
        if (leaves.contains(path)
                || leaves.contains(parent + ANY_NAME)
                || leaves.contains(section + ANY_NAME + ANY_NAME)) return;
        if (leaves.contains(parent + ANY_NAME + ANY_NAME))
            throw new BadInputException(
                    where + ": " + path + " is a section, not a value: its keys are " + path + ANY_NAME);
        if (isEmptySection()
                && (sections.contains(path)
                        || leaves.contains(path + ANY_NAME)
                        || leaves.contains(path + ANY_NAME + ANY_NAME))) return;
        if (sections.contains(path))
            throw new BadInputException(where + ": " + path + " is a section, not a value; its keys are "
                    + String.join(
                            ", ",
                            leaves.stream()
                                    .filter(leaf -> leaf.startsWith(path + "."))
                                    .sorted()
                                    .toList()));
        Stream.concat(sections.stream(), leaves.stream())
                .filter(path::equalsIgnoreCase)
                .findFirst()
                .ifPresent(meant -> {
                    throw new BadInputException(
                            where + ": unknown key " + path + ", did you mean " + meant + "? Capitals count");
                });
        throw new BadInputException(
                where + ": unknown key " + path + ", did you mean " + Nearest.path(path, leaves) + "?");
    }

    /** The error for a value of the wrong type. */
    BadInputException wrong(String allowed) {
        return new BadInputException(
                where + ": " + path + " is " + (isList ? values : "'" + values.get(0) + "'") + ", must be " + allowed);
    }

    private static JsonParser parser(Reader reader) throws IOException {
        JsonParser parser = ConfigText.yaml()
                .enable(
                        YAMLParser.Feature
                                .EMPTY_STRING_AS_NULL) // the factory's default, which the builder does not have
                .build()
                .createParser(reader);
        parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        return parser;
    }

    /** The parser's message without its positions and its copy of the text. */
    private static String reason(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .map(String::strip)
                .collect(Collectors.joining(", "));
    }

    /** Where a value stands, by the parser's position. */
    private interface Where extends Function<JsonLocation, String> {}

    private static void readObject(JsonParser parser, String prefix, Where where, List<Setting> settings)
            throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String path = prefix + parser.currentName();
            String here = where.apply(parser.currentTokenLocation());
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT) {
                int before = settings.size();
                readObject(parser, path + ".", where, settings);
                if (settings.size() == before) settings.add(new Setting(path, List.of(), false, here));
            } else if (value == JsonToken.START_ARRAY) settings.add(list(path, parser, where, here));
            else if (value == JsonToken.VALUE_NULL) throw new BadInputException(here + ": " + path + " has no value");
            else settings.add(new Setting(path, List.of(parser.getText()), false, here));
        }
    }

    /** A list of plain values, or of sections. */
    private static Setting list(String path, JsonParser parser, Where where, String here) throws IOException {
        List<String> items = new ArrayList<>();
        List<List<Setting>> sections = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonToken item = parser.currentToken();
            if (item == JsonToken.START_OBJECT) {
                List<Setting> section = new ArrayList<>();
                readObject(parser, "", where, section);
                sections.add(section);
            } else if (item == null || item.isStructStart()) {
                throw new BadInputException(here + ": a list may hold plain values only");
            } else items.add(parser.getText());
        }
        if (!sections.isEmpty() && !items.isEmpty())
            throw new BadInputException(here + ": a list holds plain values or sections, not both");
        return new Setting(path, items, true, sections, here);
    }
}
