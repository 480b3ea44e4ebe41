package io.tramontane.model.chat;

import io.tramontane.model.tokenizer.TextStream;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a model answers, read token by token: thoughts, answer, calls of tools. Text comes out as soon as it is certain; what
 * may become a mark waits.
 *
 * <p>Thoughts are at the start of a response, before any other text, or opened by the prompt. Line breaks at both ends of the
 * thoughts and at the start of the answer behind them are left out, as llama.cpp's and SGLang's servers do; other blanks
 * stay. Marks of thoughts are never part of a text: those where none can be are left out, and the text behind a second one stays
 * what it was.
 *
 * <p>Calls come out whole. What begins as a call and is none comes back as answer, as it was written, mark included.
 */
public final class ResponseReader {
    private enum Mode {
        START,
        THOUGHTS,
        BEFORE_ANSWER,
        ANSWER,
        CALL,
        AFTER_CALL
    }

    private static final Set<ResponseMark> THOUGHTS = EnumSet.of(ResponseMark.THINK, ResponseMark.END_THINK);
    private static final Set<ResponseMark> CALLS = EnumSet.of(ResponseMark.TOOL_CALLS, ResponseMark.TOOL_CALL);
    private static final String ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 9; // as Mistral's models expect

    private final ResponseFormat format;
    private final Tokenizer tokenizer;
    private final TextStream stream;
    private final boolean tools;
    private final RandomGenerator random;
    private final StringBuilder held = new StringBuilder(); // may begin a mark
    private final StringBuilder blanks = new StringBuilder(); // part of the text only if more follows
    private Mode mode;
    private boolean thought; // the thoughts have a text
    private PendingCall call;
    private List<ResponsePart> parts = new ArrayList<>();

    ResponseReader(ResponseFormat format, Tokenizer tokenizer, boolean opened, boolean tools, RandomGenerator random) {
        this.format = format;
        this.tokenizer = tokenizer;
        this.stream = new TextStream(tokenizer);
        this.tools = tools;
        this.random = random;
        mode = opened ? Mode.THOUGHTS : Mode.START;
    }

    /** The parts that are certain with this token, often one, sometimes none. A token that ends the completion adds nothing. */
    public List<ResponsePart> accept(int token) {
        if (tokenizer.ends(token)) return List.of();
        Optional<ResponseMark> mark = format.mark(token).filter(m -> tools || THOUGHTS.contains(m));
        if (mark.isEmpty()) {
            held.append(stream.accept(token));
            read(false);
        } else {
            held.append(stream.skip(token));
            read(true);
            mark(mark.get());
        }
        return taken();
    }

    /** What waited, once the completion is over. */
    public List<ResponsePart> finish() {
        held.append(stream.flush());
        read(true);
        if (mode == Mode.CALL) endCall();
        if (mode == Mode.START && !blanks.isEmpty()) parts.add(new ResponsePart.Answer(blanks.toString()));
        blanks.setLength(0);
        return taken();
    }

    /** True while the model thinks. */
    public boolean thinking() {
        return mode == Mode.THOUGHTS;
    }

    private List<ResponsePart> taken() {
        List<ResponsePart> taken = parts;
        parts = new ArrayList<>();
        return taken;
    }

    /** Reads what is held; all of it if no mark can begin in it any more. */
    private void read(boolean all) {
        while (!held.isEmpty()) {
            Set<ResponseMark> marks = expected();
            ResponseMark next = null;
            int end = all ? held.length() : held.length() - unfinishedMark(marks);
            for (ResponseMark mark : marks) {
                int at = held.indexOf(format.text(mark));
                if (at < 0 || at > end) continue;
                next = mark;
                end = at;
            }
            if (end > 0) {
                held.delete(0, write(held.substring(0, end)));
            } else if (next != null) {
                held.delete(0, format.text(next).length());
                mark(next);
            } else {
                return;
            }
        }
    }

    /** Marks that are spelt and mean something here. */
    private Set<ResponseMark> expected() {
        EnumSet<ResponseMark> marks = EnumSet.noneOf(ResponseMark.class);
        if (mode == Mode.CALL) {
            marks.addAll(call.expected());
        } else {
            marks.addAll(THOUGHTS);
            if (tools && mode != Mode.THOUGHTS) marks.addAll(CALLS);
        }
        marks.removeIf(format::isToken);
        return marks;
    }

    private int unfinishedMark(Set<ResponseMark> marks) {
        int longest = 0;
        for (ResponseMark mark : marks) {
            String text = format.text(mark);
            for (int n = Math.min(text.length() - 1, held.length()); n > longest; n--)
                if (text.startsWith(held.substring(held.length() - n))) longest = n;
        }
        return longest;
    }

    private void mark(ResponseMark mark) {
        if (mode == Mode.CALL) {
            if (call.expected().contains(mark)) {
                call.mark(mark);
                if (call.state() != PendingCall.State.OPEN) endCall();
                return;
            }
            if (THOUGHTS.contains(mark)) return;
            endCall();
        }
        switch (mark) {
            case THINK -> {
                if (mode == Mode.START) become(Mode.THOUGHTS);
            }
            case END_THINK -> {
                if (mode == Mode.START || mode == Mode.THOUGHTS) become(Mode.BEFORE_ANSWER);
            }
            case TOOL_CALLS -> begin(new MistralCall(format.text(mark)));
            case TOOL_CALL -> {
                if (mode == Mode.THOUGHTS) write(format.text(mark));
                else begin(new HermesCall(format.text(mark)));
            }
            default -> write(format.text(mark));
        }
    }

    private void become(Mode next) {
        mode = next;
        blanks.setLength(0);
    }

    private void begin(PendingCall next) {
        become(Mode.CALL);
        call = next;
    }

    /** Takes text that holds no mark; returns how much of it. */
    private int write(String text) {
        switch (mode) {
            case START -> {
                blanks.append(text);
                if (blanks.toString().isBlank()) return text.length();
                parts.add(new ResponsePart.Answer(blanks.toString()));
                become(Mode.ANSWER);
            }
            case THOUGHTS -> think(text);
            case BEFORE_ANSWER -> answer(text.substring(lineBreaks(text)));
            case AFTER_CALL -> answer(text.stripLeading());
            case ANSWER -> answer(text);
            case CALL -> {
                int taken = call.text(text);
                if (call.state() != PendingCall.State.OPEN) endCall();
                return taken;
            }
        }
        return text.length();
    }

    private void answer(String text) {
        if (text.isEmpty()) return;
        become(Mode.ANSWER);
        parts.add(new ResponsePart.Answer(text));
    }

    private void think(String text) {
        blanks.append(thought ? text : text.substring(lineBreaks(text)));
        int end = blanks.length();
        while (end > 0 && isLineBreak(blanks.charAt(end - 1))) end--;
        if (end == 0) return;
        thought = true;
        parts.add(new ResponsePart.Reasoning(blanks.substring(0, end)));
        blanks.delete(0, end);
    }

    private static int lineBreaks(String text) {
        int n = 0;
        while (n < text.length() && isLineBreak(text.charAt(n))) n++;
        return n;
    }

    private static boolean isLineBreak(char c) {
        return c == '\n' || c == '\r';
    }

    private void endCall() {
        Optional<List<ToolCall>> calls =
                call.state() == PendingCall.State.BROKEN ? Optional.empty() : call.calls(this::newId);
        if (calls.isPresent()) {
            for (ToolCall one : calls.get()) parts.add(new ResponsePart.Call(one));
            become(Mode.AFTER_CALL);
        } else {
            answer(withoutMarks(call.raw()));
        }
        call = null;
    }

    private String withoutMarks(String raw) {
        String text = raw;
        for (ResponseMark mark : THOUGHTS) if (!format.isToken(mark)) text = text.replace(format.text(mark), "");
        return text;
    }

    private String newId() {
        StringBuilder id = new StringBuilder();
        while (id.length() < ID_LENGTH) id.append(ALPHANUMERIC.charAt(random.nextInt(ALPHANUMERIC.length())));
        return id.toString();
    }
}
