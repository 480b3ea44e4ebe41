package io.tramontane.data.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.EmptyInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemFiles;
import io.tramontane.data.ProblemMapping;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a data set from a path, whatever its form: our problem files, GSM8K, MGSM, SVAMP, MBPP, HumanEval, CodeContests. The form is
 * found by the name's ending and the first row's fields; a folder is all its files in the order of their names.
 */
public final class DataSets {
    private static final String FORMS = "problem files, GSM8K, MBPP, HumanEval or CodeContests (.jsonl, .jsonl.gz), "
            + "MGSM (name_LANGUAGE.tsv), SVAMP (.json), or a folder of these; a problem has a statement, question, problem or prompt, and an answer or tests";

    private final DataFiles files;

    private DataSets(DataFiles files) {
        this.files = files;
    }

    /** All problems of a file or folder of this machine; ids are unique. */
    public static List<Problem> read(Path path) {
        return open(path).problems();
    }

    /** The same, with how they were read. */
    public static DataSet open(Path path) {
        return open(new LocalStorage(path), DataFiles.LOCAL);
    }

    /** The same of a file or folder that may be elsewhere. */
    public static DataSet open(StoragePath path, DataFiles files) {
        if (!path.exists()) throw new BadInputException(path.name() + ": no such file or folder");
        return new DataSets(files).open(path);
    }

    private DataSet open(StoragePath path) {
        List<Problem> all = new ArrayList<>();
        Set<String> mapping = new LinkedHashSet<>();
        boolean folder = path.isFolder();
        for (StoragePath file : folder ? inside(path) : List.of(path)) {
            try {
                DataSet one = openFile(file);
                all.addAll(one.problems());
                mapping.addAll(one.mapping());
            } catch (EmptyInputException nothing) { // as one of several parts that is no mistake
                if (!folder) throw nothing;
            }
        }
        Map<String, Integer> seen = new HashMap<>();
        for (Problem problem : all) {
            if (seen.merge(problem.id(), 1, Integer::sum) > 1)
                throw new BadInputException(path.name() + ": id \"" + problem.id() + "\" is used more than once");
        }
        if (all.isEmpty()) throw new EmptyInputException(path.name() + ": all files of the folder are empty");
        return new DataSet(all, List.copyOf(mapping));
    }

    private List<StoragePath> inside(StoragePath folder) {
        List<StoragePath> found = folder.files().stream()
                .filter(file ->
                        file.fileName().endsWith(WordProblemSets.MGSM_ENDING) || files.holdsRows(file.fileName()))
                .toList();
        if (found.isEmpty()) throw new BadInputException(folder.name() + ": holds no data set, allowed " + FORMS);
        return found;
    }

    private DataSet openFile(StoragePath file) {
        String name = file.fileName();
        if (name.endsWith(WordProblemSets.MGSM_ENDING))
            return new DataSet(WordProblemSets.mgsm(file), List.of("read as MGSM"));
        if (name.endsWith(".json") && WordProblemSets.isList(file))
            return new DataSet(WordProblemSets.svamp(file), List.of("read as SVAMP"));
        ObjectNode first;
        try (Rows rows = files.rows(file)) {
            first = rows.next().object();
        }
        try (Rows rows = files.rows(file)) {
            return ofRows(rows, first, file);
        }
    }

    private static DataSet ofRows(Rows rows, ObjectNode first, StoragePath file) {
        if (first.has("kind") || first.has("statement")) return ours(rows);
        if (first.has("question") && first.path("answer").asText().contains("####"))
            return new DataSet(WordProblemSets.gsm8k(rows, stem(file)), List.of("read as GSM8K"));
        if (first.has("text") && first.has("test_list"))
            return new DataSet(FunctionProblemSets.mbpp(rows), List.of("read as MBPP"));
        if (first.has("prompt") && first.has("entry_point"))
            return new DataSet(FunctionProblemSets.humanEval(rows), List.of("read as HumanEval"));
        if (first.has("content") && first.has("test"))
            return new DataSet(CodeContestSets.read(rows), List.of("read as CodeContests, each in Python and C++"));
        if (ProblemMapping.knows(first)) return ours(rows);
        throw new BadInputException(file.name() + ":1: a form that is not known, allowed " + FORMS);
    }

    private static DataSet ours(Rows rows) {
        List<Problem> problems = new ArrayList<>();
        try (ProblemFiles lines = ProblemFiles.open(rows)) {
            lines.forEachRemaining(problems::add);
            return new DataSet(problems, lines.mapping());
        }
    }

    /** The name without its endings: train.jsonl.gz is train. */
    private static String stem(StoragePath file) {
        return ProblemMapping.stem(file.fileName());
    }
}
