package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Samples on disk, {@code samples/step-000042.jsonl}, one completion a line. One thread at a time. */
public final class SampleLog {
    private static final Pattern GROUP = Pattern.compile("group-(\\d{6,9})\\.jsonl");
    private static final Pattern FILE = Pattern.compile("step-(\\d{6,9})\\.jsonl");

    private final RunFolder folder;

    /** Writes into the run folder. */
    public SampleLog(RunFolder folder) {
        this.folder = folder;
    }

    /** Adds samples to the files of their steps. */
    public void append(List<Sample> samples) {
        Map<Integer, List<Map<String, Object>>> bySteps = new TreeMap<>();
        for (Sample sample : samples)
            bySteps.computeIfAbsent(sample.step(), s -> new ArrayList<>()).add(sample.row());
        try {
            folder.samples().makeFolder();
            for (var entry : bySteps.entrySet()) RowFile.append(folder.sampleFile(entry.getKey()), entry.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one whole group of a step. */
    public void group(int step, Map<String, Object> row) {
        try {
            Map<String, Object> numbered = new LinkedHashMap<>();
            numbered.put("step", step);
            numbered.putAll(row);
            folder.samples().makeFolder();
            RowFile.replace(folder.groupFile(step), List.of(numbered));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Before a run resumes from {@code step}: removes later steps and incomplete lines. */
    public void cutAfter(int step) {
        cutAfter(step, line -> {});
    }

    /** The same; hears of lines that are left out because they are no samples. */
    void cutAfter(int step, Consumer<String> tell) {
        try {
            for (var entry : files(folder, GROUP).entrySet())
                if (entry.getKey() > step) entry.getValue().delete();
            for (var entry : files(folder, FILE).entrySet()) {
                if (entry.getKey() > step) entry.getValue().delete();
                else readAgain(entry.getValue(), tell);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readAgain(StoragePath file, Consumer<String> tell) throws IOException {
        List<RowFile.Unreadable> unreadable = new ArrayList<>();
        List<Map<String, Object>> rows = RowFile.read(file, unreadable::add);
        RowFile.keep(file, unreadable, tell);
        RowFile.replace(file, rows);
    }

    /** All samples, by step. */
    public static List<Map<String, Object>> read(RunFolder folder) {
        return read(folder, FILE);
    }

    /** All whole groups, by step. */
    static List<Map<String, Object>> groups(RunFolder folder) {
        return read(folder, GROUP);
    }

    private static List<Map<String, Object>> read(RunFolder folder, Pattern name) {
        List<Map<String, Object>> rows = new ArrayList<>();
        try {
            for (StoragePath file : files(folder, name).values()) rows.addAll(RowFile.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static TreeMap<Integer, StoragePath> files(RunFolder folder, Pattern pattern) throws IOException {
        TreeMap<Integer, StoragePath> files = new TreeMap<>();
        for (String file : folder.samples().list()) {
            Matcher name = pattern.matcher(file);
            if (name.matches())
                files.put(Integer.parseInt(name.group(1)), folder.samples().child(file));
        }
        return files;
    }
}
