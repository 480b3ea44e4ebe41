package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report page: one HTML file that contains style, program, Chart.js and data, and loads nothing else. Works on an
 * unfinished run; the file is replaced in one step.
 *
 * <p>Samples are untrusted text of the model. They are embedded as JSON in which every {@code <} is escaped, the
 * program puts them on the page as text nodes only, and the content security policy lets the browser run nothing but the
 * two scripts whose hashes it states.
 */
public final class ReportPage {
    private static final String CHART = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
    private static final List<String> PROGRAM =
            List.of("tables.js", "charts.js", "samples.js", "groups.js", "download.js", "theme.js", "page.js");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

    private ReportPage() {}

    /** Writes report.html from what the run folder holds now. */
    public static void write(RunFolder folder) {
        try {
            folder.report().replace(page(folder, "").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page that a server sends; it polls for a version newer than {@code version}. */
    static String live(RunFolder folder, String version) {
        try {
            return page(folder, version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(RunFolder folder, String live) throws IOException {
        ReportData data = new ReportData(folder);
        Map<String, Object> values = data.toMap();
        values.put("live", live);
        List<String> program = new ArrayList<>(PROGRAM);
        if (!live.isEmpty()) program.add("live.js");
        return page("page.html", data.title(), program, values, live.isEmpty() ? "" : "; connect-src 'self'");
    }

    /** One self-contained page: a template with its program, Chart.js and data, and the policy that allows just these. */
    public static String page(
            String template, String title, List<String> program, Map<String, Object> data, String more)
            throws IOException {
        String style = resource("/report/page.css");
        String chart = resource(CHART).replaceAll("\n?//# sourceMappingURL=\\S+", "");
        String scripts = String.join("", resources(program));
        String policy = "default-src 'none'; script-src " + hash(chart) + " " + hash(scripts) + "; style-src "
                + hash(style) + "; img-src data:; base-uri 'none'; form-action 'none'" + more;
        return fill(
                resource("/report/" + template).replace("{{head}}\n", resource("/report/head.html")),
                Map.of(
                        "title", escapedText(title),
                        "policy", policy,
                        "style", style,
                        "chart", chart,
                        "program", scripts,
                        "data", escapedJson(RowFile.line(data))));
    }

    /** Replaces the placeholders of the template in one pass, so that no value is taken for a placeholder. */
    private static String fill(String template, Map<String, String> placeholderValues) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(placeholder -> Matcher.quoteReplacement(placeholderValues.get(placeholder.group(1))));
    }

    /** Escapes characters that could start a tag or comment in HTML; the JSON value stays the same. */
    static String escapedJson(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String escapedText(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String hash(String inline) {
        byte[] digest = Sha256.digest().digest(inline.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static List<String> resources(List<String> names) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name : names) texts.add(resource("/report/" + name));
        return texts;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("resource " + name + " is not on the class path");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
