package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The results of each problem of an evaluation, {@code evaluations/step-000050.jsonl}, one problem a line:
 *
 * <pre>  {"problemId":"gsm8k/17","content":"9f3c...","samples":4,"correct":0.75,"inOneLanguage":1.0,"length":212.5}</pre>
 *
 * Two runs are compared problem by problem, and {@code content}, a digest of statement and answer, says which are the same.
 */
final class EvaluationLog {
    private static final Pattern FILE = Pattern.compile("step-(\\d{6,9})\\.jsonl");

    private EvaluationLog() {}

    static void write(RunFolder folder, int step, List<Map<String, Object>> rows) {
        try {
            folder.evaluations().makeFolder();
            RowFile.replace(folder.evaluationFile(step), rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Evaluations by step. */
    static TreeMap<Integer, StoragePath> files(RunFolder folder) {
        TreeMap<Integer, StoragePath> files = new TreeMap<>();
        try {
            for (String file : folder.evaluations().list()) {
                Matcher name = FILE.matcher(file);
                if (name.matches())
                    files.put(
                            Integer.parseInt(name.group(1)),
                            folder.evaluations().child(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Before a run continues from {@code step}: removes evaluations of later steps, which are made again. */
    static void cutAfter(RunFolder folder, int step) {
        try {
            for (StoragePath file : files(folder).tailMap(step, false).values()) file.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
