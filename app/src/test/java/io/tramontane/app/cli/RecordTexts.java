package io.tramontane.app.cli;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * What the javadoc of records says, read from their sources with the compiler's own parser.
 *
 * @param first the first sentence
 * @param components text of {@code @param} by component
 */
record RecordTexts(String first, Map<String, String> components) {

    /** The texts of one record; its source is in the module that has a file of its package and outermost name. */
    static RecordTexts of(Class<?> type) {
        Class<?> outermost = type;
        while (outermost.getEnclosingClass() != null) outermost = outermost.getEnclosingClass();
        String name = outermost.getName().replace('.', '/') + ".java";
        return parse(source(name)).get(type.getSimpleName());
    }

    private static Path source(String name) {
        Path root = Path.of(System.getProperty("tramontane.root"));
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve("src/main/java").resolve(name))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no source " + name + " below " + root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, RecordTexts> parse(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            DocTrees trees = DocTrees.instance(task);
            Map<String, RecordTexts> found = new HashMap<>();
            for (CompilationUnitTree unit : task.parse()) new Scanner(trees, found).scan(unit, null);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Collects every type of a file. */
    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final Map<String, RecordTexts> found;

        Scanner(DocTrees trees, Map<String, RecordTexts> found) {
            this.trees = trees;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            DocCommentTree doc = trees.getDocCommentTree(getCurrentPath());
            Map<String, String> components = new HashMap<>();
            if (doc != null) {
                for (DocTree tag : doc.getBlockTags())
                    if (tag instanceof ParamTree param)
                        components.put(param.getName().toString(), text(param.getDescription()));
            }
            String first = doc == null ? "" : text(doc.getFirstSentence());
            found.put(type.getSimpleName().toString(), new RecordTexts(first, components));
            return super.visitClass(type, nothing);
        }
    }

    private static String text(List<? extends DocTree> parts) {
        return parts.stream()
                .map(part -> {
                    if (part instanceof LiteralTree literal)
                        return literal.getBody().getBody();
                    if (part instanceof LinkTree link)
                        return link.getLabel().isEmpty()
                                ? link.getReference().getSignature().replaceAll("\\(.*", "")
                                : text(link.getLabel());
                    return part.toString();
                })
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .strip();
    }
}
