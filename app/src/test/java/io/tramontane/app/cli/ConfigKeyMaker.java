package io.tramontane.app.cli;

import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.config.Setting;
import io.tramontane.cluster.config.Stage;
import io.tramontane.data.BadInputException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the table of a tree of config records: types and defaults from the records, meanings from their javadoc, and the
 * allowed values from what the records themselves answer when they are given something that cannot be.
 */
final class ConfigKeyMaker {
    private static final List<String> PROBES =
            List.of("[]", "[?, ?, ?, ?, ?, ?, ?, ?]", "[1,1,1,1,1,1,1,1]", "-1", "1e9", "NaN", "0", "?", "[?]", "[-1]");
    private static final Pattern RULE = Pattern.compile("(allowed:? |must (?:be )?|training needs |needs )(.*)");

    private final Record defaults;
    private final List<ConfigKey> keys = new ArrayList<>();

    private ConfigKeyMaker(Record defaults) {
        this.defaults = defaults;
    }

    /** All keys in the order of the components, sections before what they hold. */
    static List<ConfigKey> of(Record defaults) {
        ConfigKeyMaker maker = new ConfigKeyMaker(defaults);
        maker.walk(defaults, "");
        return maker.keys;
    }

    private void walk(Record record, String prefix) {
        RecordTexts texts = RecordTexts.of(record.getClass());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String meaning = texts.components().getOrDefault(component.getName(), "");
            String path = prefix + component.getName();
            Object value = valueOf(component, record);
            if (value instanceof Record section) {
                keys.add(new ConfigKey(path, ConfigKey.SECTION, "", "", meaning));
                walk(section, path + ".");
            } else {
                keys.add(leaf(path, component.getGenericType(), value, meaning));
            }
        }
    }

    private ConfigKey leaf(String path, Type type, Object value, String meaning) {
        StringBuilder names = new StringBuilder();
        Type inner = type;
        while (inner instanceof ParameterizedType map && map.getRawType() == Map.class) {
            names.append(Setting.ANY_NAME);
            inner = map.getActualTypeArguments()[1];
        }
        String allowed = names.isEmpty() ? allowed(path, inner, value) : "";
        return new ConfigKey(path + names, words(inner), printed(path), allowed, meaning);
    }

    /** The default as --dry-run prints it; of a map its entries on one line. */
    private String printed(String path) {
        List<String> lines = ConfigReader.print(defaults).lines().toList();
        int at = -1;
        int depth = 0;
        for (String name : path.split("\\.")) {
            String start = "  ".repeat(depth++) + name + ":";
            do at++;
            while (!lines.get(at).startsWith(start));
        }
        String own = lines.get(at).strip();
        String value = own.substring(own.indexOf(':') + 1).strip();
        if (!value.isEmpty()) return value;
        String indent = "  ".repeat(depth);
        List<String> entries = lines.subList(at + 1, lines.size()).stream()
                .takeWhile(line -> line.startsWith(indent))
                .map(String::strip)
                .toList();
        return "{" + String.join(", ", entries) + "}";
    }

    private static String words(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class)
            return "list of " + words(list.getActualTypeArguments()[0]).replace("text", "word") + "s";
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class)
            return "whole number";
        if (type == double.class || type == Double.class) return "number";
        if (type == boolean.class || type == Boolean.class) return "true or false";
        if (type instanceof Class<?> choice && choice.isEnum()) return "word";
        if (type == String.class) return "text";
        if (type == Stage.class) return "stage";
        if (type == Count.class) return "whole number or range";
        throw new AssertionError("no word for " + type);
    }

    private String allowed(String path, Type type, Object value) {
        if (type instanceof Class<?> choice && choice.isEnum())
            return String.join(
                    ", ",
                    Arrays.stream(choice.getEnumConstants())
                            .map(String::valueOf)
                            .toList());
        Set<String> found = new LinkedHashSet<>();
        for (String probe : PROBES) {
            if (probe.startsWith("[") != value instanceof List<?>) continue;
            try {
                ConfigReader.read(defaults, Optional.empty(), List.of(path + "=" + probe));
            } catch (BadInputException e) {
                String complaint = e.getMessage().substring(("--set " + path + "=" + probe + ": ").length());
                if (!complaint.startsWith(path + " is ")) // a wrong type, which the type says
                ruleOf(complaint, value instanceof List<?>).ifPresent(found::add);
            }
        }
        return String.join("; ", found);
    }

    /** What a record's complaint allows, without the other key's value of today. */
    private Optional<String> ruleOf(String complaint, boolean isList) {
        Matcher rule = RULE.matcher(complaint);
        if (!rule.find()) return Optional.empty();
        String text = rule.group(1).startsWith("training") ? rule.group() : rule.group(2);
        if (rule.group(1).startsWith("must d")) text = rule.group();
        for (ConfigKey key : keys) text = text.replace(key.path() + " " + key.defaultValue(), key.path());
        text = text.replaceAll("^\\[([^\\[\\])]*)]$", "$1").strip();
        if (!isList) return Optional.of(text);
        if (complaint.matches(".* has \\d+ numbers.*")) return Optional.of(text + " of them");
        return Optional.of((text.startsWith("at least") ? "" : text.contains(",") ? "each one of " : "each ") + text);
    }

    private static Object valueOf(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
