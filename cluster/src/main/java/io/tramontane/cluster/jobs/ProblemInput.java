package io.tramontane.cluster.jobs;

import io.tramontane.cluster.files.Inputs;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.files.StoredDataFiles;
import io.tramontane.data.BadInputException;
import io.tramontane.data.EmptyInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemFiles;
import io.tramontane.data.StoragePath;
import io.tramontane.data.source.DataSet;
import io.tramontane.data.source.DataSets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Problems of a file: our problem file in any {@link RowForm}, or a data set that {@link DataSets} knows. */
final class ProblemInput implements Iterator<Problem>, AutoCloseable {
    private final Iterator<Problem> problems;
    private final Supplier<List<String>> mapping;
    private final Runnable closing;

    private ProblemInput(Iterator<Problem> problems, Supplier<List<String>> mapping, Runnable closing) {
        this.problems = problems;
        this.mapping = mapping;
        this.closing = closing;
    }

    static ProblemInput open(Inputs inputs) {
        if (inputs.files().stream().anyMatch(ProblemInput::isDataSet)) return dataSets(inputs);
        ProblemFiles file = ProblemFiles.open(inputs.rows());
        return new ProblemInput(file, file::mapping, file::close);
    }

    /** Data sets are not large: they are read whole. */
    private static ProblemInput dataSets(Inputs inputs) {
        List<Problem> all = new ArrayList<>();
        Set<String> mapping = new LinkedHashSet<>();
        Map<String, String> seen = new HashMap<>();
        for (StoragePath place : inputs.files()) {
            DataSet one = read(place);
            mapping.addAll(one.mapping());
            for (Problem problem : one.problems()) {
                String before = seen.putIfAbsent(problem.id(), place.name());
                if (before != null)
                    throw new BadInputException(
                            place.name() + ": id \"" + problem.id() + "\" was used before, in " + before);
                all.add(problem);
            }
        }
        return new ProblemInput(all.iterator(), () -> List.copyOf(mapping), () -> {});
    }

    private static DataSet read(StoragePath place) {
        if (isDataSet(place)) return StoredDataFiles.PROBLEMS.read("--problems", place.name());
        List<Problem> problems = new ArrayList<>();
        try (ProblemFiles file = ProblemFiles.open(RowForm.read(place))) {
            file.forEachRemaining(problems::add);
            return new DataSet(problems, file.mapping());
        } catch (EmptyInputException nothing) {
            return new DataSet(List.of(), List.of());
        }
    }

    /** How fields of other people's spelling became ours, so far. */
    List<String> mapping() {
        return mapping.get();
    }

    private static boolean isDataSet(StoragePath place) {
        if (RowForm.of(place.name()) != RowForm.JSON_LINES) return false;
        if (place.name().endsWith(".tsv") || isList(place)) return true;
        try (JsonLines lines = new JsonLines(place.open(), place.name())) {
            return !lines.next().object().has("kind");
        } catch (EmptyInputException nothing) {
            return false;
        }
    }

    /** One JSON list instead of lines. */
    private static boolean isList(StoragePath place) {
        try (InputStream in = place.open()) {
            String start = new String(in.readNBytes(1024), StandardCharsets.UTF_8).replace("\uFEFF", "");
            return start.stripLeading().startsWith("[");
        } catch (IOException e) {
            throw new UncheckedIOException(place.name() + ": cannot be read", e);
        }
    }

    @Override
    public boolean hasNext() {
        return problems.hasNext();
    }

    @Override
    public Problem next() {
        return problems.next();
    }

    @Override
    public void close() {
        closing.run();
    }
}
