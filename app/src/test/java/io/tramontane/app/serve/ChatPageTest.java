package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChatPageTest {
    private final ChatPage chat = new ChatPage();
    private final String page = new String(chat.bytes(), StandardCharsets.UTF_8);

    @Test
    void theBrowserMayRunOnlyTheTwoScriptsWhoseHashesThePolicyStates() {
        List<String> inline = all("(?s)<script>(.*?)</script>");
        assertEquals(2, inline.size());
        inline.addAll(all("(?s)<style>(.*?)</style>"));
        assertEquals(3, inline.size());
        for (String content : inline) assertTrue(chat.policy().contains("'sha256-" + sha256(content) + "'"));
        assertEquals(3, chat.policy().split("'sha256-", -1).length - 1);
        assertFalse(chat.policy().contains("unsafe"), chat.policy());
        String inPage = all("Content-Security-Policy\" content=\"([^\"]*)\"").get(0);
        assertEquals(chat.policy(), inPage + "; frame-ancestors 'none'");
    }

    @Test
    void ourProgramNeverTurnsTextIntoMarkup() {
        String program = page.substring(page.lastIndexOf("<script>"));
        for (String forbidden : List.of(
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "Function(",
                "srcdoc",
                "DOMParser")) assertFalse(program.contains(forbidden), forbidden);
    }

    @Test
    void thePageLoadsNothing() {
        String frame = page.replaceAll("(?s)<script>.*?</script>", "");
        for (String forbidden :
                List.of("http://", "https://", "@import", " src=", "<link rel=\"stylesheet", " onclick="))
            assertFalse(frame.contains(forbidden), forbidden);
        for (String url : all("url\\(([^)]{0,30})")) assertTrue(url.startsWith("data:font/woff2;base64,"), url);
        assertEquals(20, all("url\\((data:)").size(), "KaTeX's fonts");
        assertFalse(page.contains("sourceMappingURL"));
        assertFalse(frame.contains("{{"), "a placeholder is left");
        assertTrue(chat.bytes().length < 800_000, chat.bytes().length + " bytes");
    }

    private List<String> all(String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        while (matcher.find()) found.add(matcher.group(1));
        return found;
    }

    private static String sha256(String text) {
        return Base64.getEncoder().encodeToString(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
