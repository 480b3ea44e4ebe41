package io.tramontane.data.gym;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sentences of one family in one language, from {@code gym/FAMILY/LANGUAGE.json}. A key holds a list of equally good
 * wordings (strings), or a list of words that belong together (objects: a name with its pronoun). {@code {x}} in a
 * wording is replaced by the value of x, {@code {x|apple|apples}} by the form that agrees with the number x: one and many,
 * or in Russian one, few and many.
 */
final class Phrases {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)((?:\\|[^|{}]+)*)}");

    private final String resource;
    private final String language;
    private final Map<String, List<String>> wordings = new LinkedHashMap<>();
    private final Map<String, List<Map<String, String>>> words = new LinkedHashMap<>();

    /** Reads the resource; a missing or malformed one is our own fault. */
    Phrases(String family, String language) {
        this.language = language;
        resource = "/gym/" + family + "/" + language + ".json";
        try (InputStream in = Phrases.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("no resource " + resource);
            JsonNode root = JSON.readTree(in);
            for (Map.Entry<String, JsonNode> field : root.properties()) read(field.getKey(), field.getValue());
        } catch (IOException e) {
            throw new IllegalStateException("resource " + resource + ": " + e.getMessage(), e);
        }
    }

    private void read(String key, JsonNode list) {
        if (list.path(0).isObject()) {
            words.put(key, JSON.convertValue(list, new TypeReference<List<Map<String, String>>>() {}));
        } else {
            wordings.put(key, JSON.convertValue(list, new TypeReference<List<String>>() {}));
        }
    }

    String language() {
        return language;
    }

    /** What stands between two sentences: nothing in Chinese. */
    String gap() {
        return language.equals("zh") ? "" : " ";
    }

    List<String> wordings(String key) {
        List<String> found = wordings.get(key);
        if (found == null) throw new IllegalStateException(resource + " has no sentences " + key);
        return found;
    }

    List<Map<String, String>> words(String key) {
        List<Map<String, String>> found = words.get(key);
        if (found == null) throw new IllegalStateException(resource + " has no words " + key);
        return found;
    }

    /** True where the sentences speak of people by name. */
    boolean hasNames() {
        return words.containsKey("names");
    }

    /** One wording of a sentence, filled in. */
    String say(String key, Dice dice, Map<String, String> values) {
        return fill(dice.pick(wordings(key)), values);
    }

    /** Replaces every {@code {x}}; one that has no value is our own fault. */
    String fill(String wording, Map<String, String> values) {
        Matcher slot = SLOT.matcher(wording);
        StringBuilder out = new StringBuilder();
        while (slot.find()) {
            String value = values.get(slot.group(1));
            if (value == null) throw new IllegalStateException(resource + ": no value for {" + slot.group(1) + "}");
            String said = slot.group(2).isEmpty() ? value : form(slot.group(2).split("\\|"), value);
            slot.appendReplacement(out, Matcher.quoteReplacement(said));
        }
        return slot.appendTail(out).toString();
    }

    /** The form for a number out of an empty string followed by two or three forms. */
    private String form(String[] forms, String number) {
        return switch (CountForm.of(language, Long.parseLong(number))) {
            case ONE -> forms[1];
            case FEW -> forms[2];
            case MANY -> forms[forms.length - 1];
        };
    }
}
