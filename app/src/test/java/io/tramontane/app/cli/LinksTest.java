package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links between the pages lead somewhere: to a file of the repository, and to a heading that is there. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)]+))?\\)");
    private static final Pattern REFERENCE = Pattern.compile("\\[(`\\w+`)](?![(:\\[])");
    private static final Pattern TARGET = Pattern.compile("(?m)^\\[(`\\w+`)]: (\\S+)$");
    private static final Pattern MENTION = Pattern.compile("docs/[a-z-]+\\.md");

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : Markdown.pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                links++;
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                if (Files.notExists(target) || link.group(2) != null && !hasAnchor(target, link.group(2)))
                    broken.add(Markdown.ROOT.relativize(page) + ": " + link.group());
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(links > 40, links + " links");
    }

    @Test
    void everyReferenceOfTheArchitectureHasATargetThatIsThereAndIsNamedLikeIt() throws IOException {
        Path page = Markdown.ROOT.resolve("docs/architecture.md");
        Map<String, String> targets = new TreeMap<>();
        Matcher target = TARGET.matcher(Files.readString(page));
        while (target.find()) targets.put(target.group(1), target.group(2));
        Set<String> used = new TreeSet<>();
        Matcher reference = REFERENCE.matcher(Files.readString(page));
        while (reference.find()) used.add(reference.group(1));
        assertEquals(targets.keySet(), used);
        assertTrue(used.size() >= 22, used.size() + " references");
        List<String> broken = new ArrayList<>();
        targets.forEach((name, path) -> {
            String file = page.resolveSibling(path).getFileName().toString();
            if (Files.notExists(page.resolveSibling(path)) || !file.startsWith(name.replace("`", "") + "."))
                broken.add(name + ": " + path);
        });
        assertEquals(List.of(), broken);
    }

    @Test
    void everyPageThatASourceMentionsIsThere() throws IOException {
        List<String> broken = new ArrayList<>();
        try (var files = Files.walk(Markdown.ROOT)) {
            for (Path file : files.filter(f -> f.toString().matches(".*/src/main/.*\\.(java|py)"))
                    .toList()) {
                Matcher mention = MENTION.matcher(Files.readString(file));
                while (mention.find())
                    if (Files.notExists(Markdown.ROOT.resolve(mention.group())))
                        broken.add(file + ": " + mention.group());
            }
        }
        assertEquals(List.of(), broken);
    }

    private static boolean hasAnchor(Path page, String anchor) throws IOException {
        if (!page.toString().endsWith(".md")) return true;
        return Files.readAllLines(page).stream()
                .anyMatch(line -> line.contains("name=\"" + anchor + "\"")
                        || line.startsWith("#") && anchorOf(line).equals(anchor));
    }

    /** As GitHub makes it: lower case, blanks as hyphens, no other marks. */
    private static String anchorOf(String heading) {
        return heading.replaceFirst("#+ *", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
