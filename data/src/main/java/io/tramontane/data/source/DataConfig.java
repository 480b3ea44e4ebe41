package io.tramontane.data.source;

import io.tramontane.data.gym.GymConfig;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * Where problems come from and how they become prompts.
 *
 * @param train "gym", or a path or address (s3a://) of problems: a file or folder, JSONL, a table, or a data set that an adapter reads
 * @param evaluation "gym" (its held-out half), or a path
 * @param chat how a problem becomes a prompt: tiny, magistral, or the model's own chat (model, model-tokens,
 *     model-plain, model-system), see docs/tokens.md
 * @param systemPrompt instead of our reasoning prompt where the chat template has one; empty for ours, and for none with
 *     tiny. It should ask for the thoughts' marks and for a box or a fenced block, since the format gate does
 * @param date what a template that writes the date takes for today, as 2026-01-31; "today" is fixed when a run starts
 * @param gym what the gym makes where a source is "gym"
 */
public record DataConfig(String train, String evaluation, String chat, String systemPrompt, String date, GymConfig gym)
        implements Serializable {
    private static final String TODAY = "today";

    /** The gym on both sides, with the paper's system prompt structure. */
    public static DataConfig defaults() {
        return new DataConfig("gym", "gym", "magistral", GymConfig.defaults());
    }

    /** With whatever day it is. */
    public DataConfig(String train, String evaluation, String chat, GymConfig gym) {
        this(train, evaluation, chat, "", TODAY, gym);
    }

    /** Checks the date. */
    public DataConfig {
        try {
            day(date);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("data.date " + date + ", allowed " + TODAY + ", or like 2026-01-31");
        }
    }

    /** The day that a date names: 2026-01-31 or "today". */
    public static LocalDate day(String date) {
        return date.equals(TODAY) ? LocalDate.now() : LocalDate.parse(date);
    }

    /** The day that templates are told. */
    public LocalDate day() {
        return day(date);
    }

    /** The same with another gym. */
    public DataConfig withGym(GymConfig other) {
        return new DataConfig(train, evaluation, chat, systemPrompt, date, other);
    }

    /** The same on a certain day, whenever it is read. */
    public DataConfig dated() {
        return new DataConfig(train, evaluation, chat, systemPrompt, day().toString(), gym);
    }
}
