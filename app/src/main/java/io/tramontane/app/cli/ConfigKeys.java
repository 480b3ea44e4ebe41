package io.tramontane.app.cli;

import io.tramontane.cluster.config.Nearest;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What every key of a config means. The tables are resources that are made from the config records and their javadoc; a test
 * makes them again and compares.
 */
enum ConfigKeys {
    TRAIN,
    SFT;

    private final List<ConfigKey> all;

    ConfigKeys() {
        try (InputStream table = ConfigKeys.class.getResourceAsStream("/config/" + this + ".tsv")) {
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            all = text.lines().map(ConfigKey::ofLine).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("resource config/" + this + ".tsv", e);
        }
    }

    /** In the order of the config, sections before what they hold. */
    List<ConfigKey> all() {
        return all;
    }

    /** The named key; for a section also the keys in it. */
    List<ConfigKey> explained(String given) {
        Optional<ConfigKey> found =
                all.stream().filter(key -> key.matches(given)).findFirst();
        if (found.isEmpty()) {
            List<String> paths = all.stream().map(ConfigKey::path).toList();
            throw new BadInputException("unknown key " + given + ", did you mean " + Nearest.path(given, paths) + "?");
        }
        if (!found.get().isSection()) return List.of(found.get());
        return all.stream()
                .filter(key -> key.equals(found.get()) || key.path().startsWith(given + "."))
                .toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
