package io.tramontane.cluster.ledger;

import com.fasterxml.jackson.databind.ObjectReader;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads the events of a file one by one and checks their chain. A file that was changed is bad input. */
final class EventReader {
    private static final ObjectReader JSON = JsonReading.mapper().readerFor(LedgerEvent.class);
    private static final String CURE =
            "; restore the file from a copy: what \"verify\" names as sound can be used as it is";

    private final String name;
    private final Consumer<LedgerEvent> sink;
    private final Chain chain;

    private EventReader(String name, Chain chain, Consumer<LedgerEvent> sink) {
        this.name = name;
        this.chain = chain;
        this.sink = sink;
    }

    /** Hands over all whole events; returns their chain, to go on with. No file has no events. */
    static Chain read(StoragePath file, Consumer<LedgerEvent> sink) {
        Chain chain = new Chain();
        read(file, chain, sink);
        return chain;
    }

    /** The same with a new chain, which tells how far the events were sound if a later one is not. */
    static void read(StoragePath file, Chain chain, Consumer<LedgerEvent> sink) {
        try {
            AppendLog.read(file, new EventReader(file.name(), chain, sink)::line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.name(), e);
        }
    }

    private void line(AppendLog.Line line) {
        int first = chain.covered() + 1;
        boolean chained = Chain.isOn(line.bytes());
        LedgerEvent event = FrequentLines.parse(line.bytes());
        if (event == null) event = parse(line, chained ? Chain.body(line.bytes()) : line.bytes());
        if (!chain.add(line.bytes()))
            throw new BadInputException(name + ":" + line.number() + ": the chain does not fit: "
                    + (first == line.number() ? "this line" : "one of the lines " + first + " to " + line.number())
                    + " was changed after it was written" + CURE);
        if (!chained && chain.started() && event.mustSurvive())
            throw new BadInputException(
                    name + ":" + line.number() + ": has no chain, though lines before it have one" + CURE);
        sink.accept(event);
    }

    private LedgerEvent parse(AppendLog.Line line, byte[] json) {
        try {
            LedgerEvent event = JSON.readValue(json);
            if (event == null) throw new IOException("nothing");
            return event;
        } catch (IOException e) {
            String text = new String(line.bytes(), StandardCharsets.UTF_8);
            String shown = text.length() <= 200 ? text : text.substring(0, 200) + " ...";
            throw new BadInputException(name + ":" + line.number() + ": not a ledger event: " + shown + CURE);
        }
    }
}
