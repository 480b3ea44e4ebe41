package io.tramontane.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.JsonReading;
import io.tramontane.data.Problem;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GSM8K, MGSM and SVAMP: word problems with one number as their answer. */
final class WordProblemSets {
    /** MGSM's files. */
    static final String MGSM_ENDING = ".tsv";

    private static final Pattern GSM8K_ANSWER = Pattern.compile("####\\s*(-?[0-9][0-9,]*(?:\\.[0-9]+)?)\\s*$");
    private static final Pattern CALCULATOR_MARK = Pattern.compile("<<[^<>]*>>");
    private static final Pattern MGSM_NAME = Pattern.compile(".*_([a-z]{2})\\.tsv");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9,]*(?:\\.[0-9]+)?");

    private WordProblemSets() {}

    /** {@code question} and {@code answer}; the reasoning goes to extra "solution" without its calculator marks. */
    static List<Problem> gsm8k(Rows lines, String stem) {
        String prefix = "gsm8k/" + stem + "/";
        List<Problem> problems = new ArrayList<>();
        while (lines.hasNext()) {
            JsonLines.Line line = lines.next();
            String question = JsonLines.filled(line.object(), "question", line.where());
            String solution = JsonLines.filled(line.object(), "answer", line.where());
            Matcher answer = GSM8K_ANSWER.matcher(solution);
            if (!answer.find())
                throw new BadInputException(line.where() + ": field \"answer\" does not end in #### NUMBER");
            String reasoning = CALCULATOR_MARK
                    .matcher(solution.substring(0, answer.start()))
                    .replaceAll("");
            problems.add(Problem.math(
                    prefix + (problems.size() + 1),
                    "en",
                    question.strip(),
                    plain(answer.group(1)),
                    Map.of("solution", reasoning.strip())));
        }
        return problems;
    }

    /** Question, tab, answer; no heading; the language is in the file's name. */
    static List<Problem> mgsm(StoragePath file) {
        Matcher name = MGSM_NAME.matcher(file.fileName());
        if (!name.matches())
            throw new BadInputException(file.name() + ": the name does not end in _LANGUAGE.tsv, as mgsm_de.tsv");
        String language = name.group(1);
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        for (String row : text(file).split("\r?\n")) {
            String where = file.name() + ":" + ++number;
            if (row.isBlank()) continue;
            String[] cells = row.split("\t");
            if (cells.length != 2 || cells[0].isBlank())
                throw new BadInputException(where + ": " + cells.length + " columns, needs question, tab, answer");
            if (!NUMBER.matcher(cells[1].strip()).matches())
                throw new BadInputException(where + ": answer \"" + cells[1] + "\" is not a number");
            problems.add(Problem.math(
                    "mgsm/" + language + "/" + (problems.size() + 1),
                    language,
                    cells[0].strip(),
                    plain(cells[1].strip()),
                    Map.of()));
        }
        return problems;
    }

    /** True for one JSON list instead of lines of objects; an empty file is for the reader of lines to tell. */
    static boolean isList(StoragePath file) {
        try (InputStream in = file.open()) {
            String start = new String(in.readNBytes(1024), StandardCharsets.UTF_8).replace("\uFEFF", "");
            return start.stripLeading().startsWith("[");
        } catch (IOException e) {
            throw new BadInputException(file.name() + ": cannot be read: " + e.getMessage());
        }
    }

    /** A list of objects with ID, Body, Question, Answer. */
    static List<Problem> svamp(StoragePath file) {
        JsonNode list;
        try {
            list = JsonLines.JSON.readTree(text(file));
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    file.name() + ":" + e.getLocation().getLineNr() + ": not JSON: " + JsonReading.fault(e));
        }
        if (!list.isArray() || list.isEmpty())
            throw new BadInputException(
                    file.name() + ": needs a list of problems with ID, Body, Question, Answer (SVAMP)");
        List<Problem> problems = new ArrayList<>();
        for (JsonNode item : list) {
            String where = file.name() + ": item " + (problems.size() + 1);
            if (!(item instanceof ObjectNode object)) throw new BadInputException(where + " is not an object");
            String body = JsonLines.filled(object, "Body", where).strip();
            String question = JsonLines.filled(object, "Question", where).strip();
            JsonNode answer = object.path("Answer");
            if (!answer.isNumber() || !JsonLines.isFinite(answer))
                throw new BadInputException(where + ": field \"Answer\" must be a number");
            String gap = body.matches("(?s).*[.!?,]") ? " " : ". ";
            problems.add(Problem.math(
                    "svamp/" + JsonLines.filled(object, "ID", where),
                    "en",
                    body + gap + question,
                    plain(answer.asText()),
                    Map.of()));
        }
        return problems;
    }

    /** Without thousands commas and without .0 at the end. */
    private static String plain(String number) {
        BigDecimal value = new BigDecimal(number.replace(",", "")).stripTrailingZeros();
        return (value.scale() < 0 ? value.setScale(0) : value).toPlainString();
    }

    private static String text(StoragePath file) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.bytes()))
                    .toString();
            if (text.startsWith("\uFEFF")) text = text.substring(1); // the byte order mark
            if (text.isBlank()) throw new BadInputException(file.name() + ": the file is empty");
            return text;
        } catch (CharacterCodingException e) {
            throw new BadInputException(file.name() + ": not UTF-8");
        } catch (IOException e) {
            throw new BadInputException(file.name() + ": cannot be read: " + e.getMessage());
        }
    }
}
