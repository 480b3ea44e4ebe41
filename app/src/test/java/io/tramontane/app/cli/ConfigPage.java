package io.tramontane.app.cli;

import java.util.List;
import java.util.Locale;

/** docs/config.md out of the tables of keys. */
final class ConfigPage {
    private static final int WIDTH = 140;
    private static final String HEAD =
            """
            # Config

            Every key of a config, made from the config records and their javadoc. Do not edit this page: change the record, then run

                TRAMONTANE_WRITE=1 mvn -pl app -am -Dtest=ConfigKeysTest -Dsurefire.failIfNoSpecifiedTests=false test

            A config is a YAML file (`conf/`); `--set PATH=VALUE` changes one value and wins over the file. Lists are written `[a, b]` or `a,b`.
            What neither says keeps its default. A key that does not exist, a value of the wrong type and one that is not allowed end the
            command with exit code 2 and one line, which names the file and the line, or the flag.

            `<name>` is a name that you choose: `rewards.extra.brevity.weight` sets a value of a reward that is called `brevity`.
            `train --dry-run` prints the config that a run would have, and every run keeps it in its `config.yaml`.

            The same at the prompt:

                bin/tramontane config                          # all keys with their defaults
                bin/tramontane config trainer.loss.clipHigh    # one key
                bin/tramontane config --of sft shape           # the keys of a section, of sft's config
            """;

    private ConfigPage() {}

    static String of(List<ConfigKey> train, List<ConfigKey> sft) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("\n## Of train\n");
        page.append('\n');
        page.append(
                wrapped(
                        "",
                        "`score`, `evaluate` and `curate tests` take the keys of `rewards` without that word: `--set tests=10`."));
        keys(train, page);
        page.append("\n## Of sft\n");
        keys(sft, page);
        return page.toString();
    }

    /** Values of the root first, then a heading for each of its sections. */
    private static void keys(List<ConfigKey> keys, StringBuilder page) {
        page.append('\n');
        for (ConfigKey key : keys)
            if (!key.isSection() && !key.path().contains(".")) page.append(wrapped("- ", item(key)));
        for (ConfigKey key : keys) {
            if (key.path().contains(".")) {
                page.append(wrapped("- ", item(key)));
            } else if (key.isSection()) {
                page.append("\n### ").append(key.path()).append("\n\n");
                page.append(wrapped("", sentence(key.meaning()))).append('\n');
            }
        }
    }

    private static String item(ConfigKey key) {
        if (key.isSection()) return "`" + key.path() + "`: section. " + sentence(key.meaning());
        String allowed = key.allowed().isEmpty() ? "" : ", allowed " + key.allowed();
        String value = key.defaultValue().isEmpty() ? "none" : "`" + key.defaultValue() + "`";
        return "`" + key.path() + "`: " + key.type() + ", default " + value + allowed + ". " + sentence(key.meaning());
    }

    private static String sentence(String meaning) {
        if (meaning.isEmpty()) return "";
        String plain = meaning.replaceAll("(</?[a-z]+>)", "`$1`");
        String first = plain.substring(0, 1).toUpperCase(Locale.ROOT) + plain.substring(1);
        return first.endsWith(".") ? first : first + ".";
    }

    /** Words in lines of the page's width; later lines stand under the first word. */
    private static String wrapped(String start, String text) {
        StringBuilder lines = new StringBuilder(start);
        int column = start.length();
        String gap = "";
        for (String word : text.split(" ")) {
            if (column + gap.length() + word.length() > WIDTH) {
                gap = "\n" + " ".repeat(start.length());
                column = start.length() - gap.length();
            }
            lines.append(gap).append(word);
            column += gap.length() + word.length();
            gap = " ";
        }
        return lines.append('\n').toString();
    }
}
