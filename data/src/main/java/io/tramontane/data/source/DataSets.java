package io.tramontane.data.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.EmptyInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemFiles;
import io.tramontane.data.ProblemMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a data set from a path, whatever its form: our problem files, GSM8K, MGSM, SVAMP, MBPP, HumanEval, CodeContests. The form is
 * found by the name's ending and the first line's fields; a folder is all its files in the order of their names.
 */
public final class DataSets {
    private static final String FORMS = "problem files, GSM8K, MBPP, HumanEval or CodeContests (.jsonl, .jsonl.gz), "
            + "MGSM (name_LANGUAGE.tsv), SVAMP (.json), or a folder of these; a problem has a statement, question, problem or prompt, and an answer or tests";

    private DataSets() {}

    /** All problems of a file or folder; ids are unique. */
    public static List<Problem> read(Path path) {
        return open(path).problems();
    }

    /** The same, with how they were read. */
    public static DataSet open(Path path) {
        if (!Files.exists(path)) throw new BadInputException(path + ": no such file or folder");
        List<Problem> all = new ArrayList<>();
        Set<String> mapping = new LinkedHashSet<>();
        for (Path file : files(path)) {
            try {
                DataSet one = openFile(file);
                all.addAll(one.problems());
                mapping.addAll(one.mapping());
            } catch (EmptyInputException nothing) { // as one of several parts that is no mistake
                if (file.equals(path)) throw nothing;
            }
        }
        Map<String, Integer> seen = new HashMap<>();
        for (Problem problem : all) {
            if (seen.merge(problem.id(), 1, Integer::sum) > 1)
                throw new BadInputException(path + ": id \"" + problem.id() + "\" is used more than once");
        }
        if (all.isEmpty()) throw new EmptyInputException(path + ": all files of the folder are empty");
        return new DataSet(all, List.copyOf(mapping));
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) return List.of(path);
        try (Stream<Path> inside = Files.list(path)) {
            List<Path> files = inside.filter(DataSets::hasKnownEnding).sorted().toList();
            if (files.isEmpty()) throw new BadInputException(path + ": holds no data set, allowed " + FORMS);
            return files;
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be read: " + e.getMessage());
        }
    }

    private static boolean hasKnownEnding(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && name.matches(".*(\\.jsonl|\\.jsonl\\.gz|\\.tsv|\\.json)");
    }

    private static DataSet openFile(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".tsv")) return new DataSet(WordProblemSets.mgsm(file), List.of("read as MGSM"));
        if (name.endsWith(".json") && WordProblemSets.isList(file))
            return new DataSet(WordProblemSets.svamp(file), List.of("read as SVAMP"));
        ObjectNode first;
        try (JsonLines lines = JsonLines.open(file)) {
            first = lines.next().object();
        }
        if (first.has("kind") || first.has("statement")) return ours(file);
        if (first.has("question") && first.path("answer").asText().contains("####"))
            return new DataSet(WordProblemSets.gsm8k(file), List.of("read as GSM8K"));
        if (first.has("text") && first.has("test_list"))
            return new DataSet(FunctionProblemSets.mbpp(file), List.of("read as MBPP"));
        if (first.has("prompt") && first.has("entry_point"))
            return new DataSet(FunctionProblemSets.humanEval(file), List.of("read as HumanEval"));
        if (first.has("content") && first.has("test"))
            return new DataSet(CodeContestSets.read(file), List.of("read as CodeContests, each in Python and C++"));
        if (ProblemMapping.knows(first)) return ours(file);
        throw new BadInputException(file + ":1: a form that is not known, allowed " + FORMS);
    }

    private static DataSet ours(Path file) {
        List<Problem> problems = new ArrayList<>();
        try (ProblemFiles lines = ProblemFiles.open(file)) {
            lines.forEachRemaining(problems::add);
            return new DataSet(problems, lines.mapping());
        }
    }

    /** The name without its endings: train.jsonl.gz is train. */
    static String stem(Path file) {
        return ProblemMapping.stem(file.getFileName().toString());
    }
}
