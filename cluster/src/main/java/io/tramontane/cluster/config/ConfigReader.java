package io.tramontane.cluster.config;

import io.tramontane.data.BadInputException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A tree of config records from three layers: the records' own defaults, a YAML file, and {@code --set path=value}. The
 * only reflection of the program is here. Components may be numbers, booleans, strings, enums, lists of those, maps from
 * names to those or to maps of those, the {@link Stage}s of a schedule, and records of the same kind. A key that no record has, a value of the wrong type and a number that a record refuses are all
 * {@link BadInputException}s that name the place, the key, the value and what is allowed.
 */
public final class ConfigReader {
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final String origin;

    private ConfigReader(String origin) {
        this.origin = origin;
    }

    /**
     * The tree that a run uses.
     *
     * @param defaults a record whose components are the values that nobody overrides
     * @param file YAML, may be absent
     * @param sets {@code path=value}, applied after the file in this order
     */
    public static <T extends Record> T read(T defaults, Optional<Path> file, List<String> sets) {
        ConfigReader reader = new ConfigReader(file.map(Path::toString).orElse("--set"));
        Set<String> sections = new HashSet<>();
        Set<String> leaves = new HashSet<>();
        collectPaths(defaults.getClass(), "", sections, leaves);
        List<Setting> given = new ArrayList<>();
        file.ifPresent(path -> given.addAll(Setting.ofFile(path)));
        for (String set : sets) given.add(Setting.ofFlag(set));
        for (Setting setting : given) {
            setting.checkPath(sections, leaves);
            if (setting.isEmptySection()) continue;
            reader.settings.remove(setting.path()); // the last one given stands last
            reader.settings.put(setting.path(), setting);
        }
        return reader.build(defaults, "");
    }

    /** A tree with some of its values changed. */
    static <T extends Record> T changed(T tree, List<Setting> settings) {
        ConfigReader reader = new ConfigReader(settings.get(0).where());
        for (Setting setting : settings) reader.settings.put(setting.path(), setting);
        return reader.build(tree, "");
    }

    /** The whole tree as YAML, in the order of the records' components; {@link #read} takes it back. */
    public static String print(Record tree) {
        StringBuilder yaml = new StringBuilder();
        print(tree, "", yaml);
        return yaml.toString();
    }

    private static void print(Record tree, String indent, StringBuilder yaml) {
        for (RecordComponent component : tree.getClass().getRecordComponents()) {
            Object value = valueOf(component, tree);
            yaml.append(indent).append(component.getName()).append(':');
            if (value instanceof Record section) {
                print(section, indent + "  ", yaml.append('\n'));
            } else if (value instanceof Map<?, ?> map) {
                print(map, indent + "  ", yaml);
            } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Stage) {
                yaml.append('\n');
                list.forEach(stage -> print((Stage) stage, indent + "  ", yaml));
            } else if (value instanceof List<?> list) {
                yaml.append(' ').append(flow(list)).append('\n');
            } else {
                yaml.append(' ').append(Setting.written(value)).append('\n');
            }
        }
    }

    private static String flow(List<?> list) {
        return list.stream().map(Setting::written).collect(Collectors.joining(", ", "[", "]"));
    }

    private static void print(Stage stage, String indent, StringBuilder yaml) {
        yaml.append(indent).append("- step: ").append(stage.step()).append('\n');
        yaml.append(indent).append("  set:\n");
        stage.set().forEach((path, values) -> yaml.append(indent)
                .append("    ")
                .append(path)
                .append(": ")
                .append(values.size() == 1 ? Setting.written(values.get(0)) : flow(values))
                .append('\n'));
    }

    private static void print(Map<?, ?> map, String indent, StringBuilder yaml) {
        yaml.append(map.isEmpty() ? " {}\n" : "\n");
        new TreeMap<Object, Object>(map).forEach((name, entry) -> {
            yaml.append(indent).append(Setting.written(name)).append(':');
            if (entry instanceof Map<?, ?> inner) print(inner, indent + "  ", yaml);
            else yaml.append(' ').append(Setting.written(entry)).append('\n');
        });
    }

    /** Paths of all values that a tree of this type has. */
    public static Set<String> leaves(Class<?> type) {
        Set<String> leaves = new HashSet<>();
        collectPaths(type, "", new HashSet<>(), leaves);
        return leaves;
    }

    static void collectPaths(Class<?> type, String prefix, Set<String> sections, Set<String> leaves) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + component.getName();
            if (component.getType() == Map.class) {
                boolean ofMaps = isMap(valueType(component.getGenericType()));
                leaves.add(path + Setting.ANY_NAME + (ofMaps ? Setting.ANY_NAME : ""));
            } else if (component.getType().isRecord()) {
                sections.add(path);
                collectPaths(component.getType(), path + ".", sections, leaves);
            } else {
                leaves.add(path);
            }
        }
    }

    private <T extends Record> T build(T defaults, String prefix) {
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) defaults.getClass();
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String path = prefix + components[i].getName();
            Object value = valueOf(components[i], defaults);
            if (value instanceof Record section) {
                values[i] = build(section, path + ".");
            } else if (value instanceof Map<?, ?> map) {
                values[i] = overlay(map, path + ".", components[i].getGenericType());
            } else {
                Setting setting = settings.get(path);
                values[i] = setting == null ? value : convert(setting, components[i].getGenericType());
            }
        }
        return construct(type, components, values, prefix);
    }

    private static Type valueType(Type map) {
        return ((ParameterizedType) map).getActualTypeArguments()[1];
    }

    private static boolean isMap(Type type) {
        return type instanceof ParameterizedType map && map.getRawType() == Map.class;
    }

    /** A map's own entries with the given ones put over them, in the order of their names. */
    private Map<String, Object> overlay(Map<?, ?> map, String prefix, Type type) {
        Map<String, Object> merged = new TreeMap<>();
        map.forEach((name, value) -> merged.put(String.valueOf(name), value));
        Type valueType = valueType(type);
        for (Setting setting : settings.values()) {
            if (!setting.path().startsWith(prefix)) continue;
            String name = setting.path().substring(prefix.length());
            if (isMap(valueType)) {
                String section = name.substring(0, name.indexOf('.'));
                Map<?, ?> inner = merged.get(section) instanceof Map<?, ?> given ? given : Map.of();
                merged.put(section, overlay(inner, prefix + section + ".", valueType));
            } else merged.put(name, convert(setting, valueType));
        }
        return merged;
    }

    private <T> T construct(Class<T> type, RecordComponent[] components, Object[] values, String prefix) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused)
                throw new BadInputException(place(refused.getMessage(), prefix) + ": " + refused.getMessage());
            throw new IllegalStateException("cannot make " + type.getSimpleName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
        }
    }

    /** Where the value was given that a record refused: the last one that its message names, or that is in its section. */
    private String place(String message, String prefix) {
        Setting schedule = settings.get("schedule");
        if (schedule != null && message.startsWith("schedule,")) return schedule.stageNamed(message);
        List<String> words = List.of(message.split("[ ,:;]+"));
        String named = null;
        String inSection = origin;
        for (Setting setting : settings.values()) {
            String path = setting.path();
            if (words.stream().anyMatch(word -> path.equals(word) || path.endsWith("." + word)))
                named = setting.where();
            if (path.startsWith(prefix)) inSection = setting.where();
        }
        return named != null ? named : inSection;
    }

    private static Object convert(Setting setting, Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Type element = list.getActualTypeArguments()[0];
            if (element == Stage.class) return Stage.of(setting);
            return setting.items().stream().map(item -> scalar(item, element)).toList();
        }
        return scalar(setting, type);
    }

    static Object scalar(Setting setting, Type type) {
        String text = setting.text();
        if (type == String.class) return text;
        if (type == Count.class) {
            try {
                return Count.of(text);
            } catch (IllegalArgumentException e) {
                throw setting.wrong("a whole number, or a range such as 1..8");
            }
        }
        if (type == boolean.class || type == Boolean.class) {
            if (!text.equals("true") && !text.equals("false")) throw setting.wrong("true or false");
            return text.equals("true");
        }
        if (type instanceof Class<?> choice && choice.isEnum()) {
            for (Object constant : choice.getEnumConstants())
                if (constant.toString().equalsIgnoreCase(text)) return constant;
            throw setting.wrong("one of " + Arrays.toString(choice.getEnumConstants()));
        }
        try {
            if (type == int.class || type == Integer.class) return Integer.parseInt(text);
            if (type == long.class || type == Long.class) return Long.parseLong(text);
            if (type == double.class || type == Double.class) return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw setting.wrong(
                    type == double.class || type == Double.class ? "a number" : "a whole number that fits " + type);
        }
        throw new IllegalStateException(setting.path() + ": no conversion to " + type);
    }

    private static Object valueOf(RecordComponent component, Record record) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
