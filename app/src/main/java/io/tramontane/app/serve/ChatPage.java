package io.tramontane.app.serve;

import io.tramontane.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chat page: one HTML file with style, program, KaTeX and its fonts, which talks to the server that it came from and
 * loads nothing else.
 *
 * <p>What a model writes is untrusted. The program builds nodes and text from it, never markup, and the content security
 * policy lets the browser run nothing but the two scripts whose hashes it states.
 */
final class ChatPage {
    private static final String KATEX = "/META-INF/resources/webjars/katex/0.18.11/dist/";
    private static final List<String> PROGRAM =
            List.of("nodes.js", "inline.js", "markdown.js", "stream.js", "settings.js", "page.js");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

    /** Where KaTeX names the files of a font; WOFF2 comes first. */
    private static final Pattern FONT = Pattern.compile("url\\((fonts/\\w+-\\w+\\.woff2)\\)[^;}]*");

    private final byte[] bytes;
    private final String policy;

    ChatPage() {
        String style = withFonts(resource(KATEX + "katex.min.css")) + resource("/serve/chat.css");
        String katex = resource(KATEX + "katex.min.js").replaceAll("\n?//# sourceMappingURL=\\S+", "");
        StringBuilder program = new StringBuilder();
        for (String name : PROGRAM) program.append(resource("/serve/" + name));
        policy = "default-src 'none'; script-src " + hash(katex) + " " + hash(program.toString()) + "; style-src "
                + hash(style)
                + "; connect-src 'self'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'";
        Map<String, String> parts =
                Map.of("policy", policy, "style", style, "katex", katex, "program", program.toString());
        bytes = PLACEHOLDER
                .matcher(resource("/serve/chat.html"))
                .replaceAll(part -> Matcher.quoteReplacement(parts.get(part.group(1))))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The file. */
    byte[] bytes() {
        return bytes;
    }

    /** The content security policy for the answer's header: the page's own, and that no other page may frame it. */
    String policy() {
        return policy + "; frame-ancestors 'none'";
    }

    private static String withFonts(String style) {
        return FONT.matcher(style)
                .replaceAll(font -> "url(data:font/woff2;base64,"
                        + Base64.getEncoder().encodeToString(read(KATEX + font.group(1))) + ") format(\"woff2\")");
    }

    private static String hash(String inline) {
        byte[] digest = Sha256.digest().digest(inline.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String resource(String name) {
        return new String(read(name), StandardCharsets.UTF_8);
    }

    private static byte[] read(String name) {
        try (InputStream in = ChatPage.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("resource " + name + " is not on the class path");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
