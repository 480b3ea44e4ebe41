package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.Json;
import io.tramontane.cluster.flight.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages of a peer that has the secret and leaves out what ours always send: refused, and nothing of them stays. */
@Timeout(60)
class HostileMessagesTest {
    @TempDir
    Path folder;

    private InProcessRun run;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(2, 3));
        run.fillFirstBatch();
    }

    @AfterEach
    void close() {
        run.close();
    }

    private static String holders(String request) {
        return request.replace("G", "'holder':" + json(GENERATOR))
                .replace("V", "'holder':" + json(VERIFIER))
                .replace("T", "'holder':" + json(TRAINER))
                .replace('\'', '"');
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | {'pid':7} | holder is missing",
                "hello | {'holder':{'attempt':9}} | a holder without a name",
                "lease | {G,'groups':1} | pulse is missing",
                "watch | {G,'version':0,'resting':false} | evaluations is missing",
                "watch | {G,'version':0,'evaluations':[null]} | one of evaluations is missing",
                "scored | {V,'group':0} | rewards is missing",
                "scored | {V,'group':0,'rewards':[null,null]} | one of rewards is missing",
                "scored | {V,'group':0,'rewards':[{'extra':{},'reason':'','languages':[]}]} | lacks its verdict",
                "working | {V,'groups':[null]} | one of groups is missing",
                "stepped | {T,'pulse':{}} | offer is missing",
                "stepped | {T,'pulse':{},'offer':{'version':1,'sources':[]}} | lacks a part",
                "stepped | {T,'pulse':{},'offer':{'version':1,'digest':'','sources':[]}} | canary is missing",
                "beat | {G,'groups':[]} | doing is missing",
                "beat | {G,'doing':{},'groups':null} | groups is missing"
            })
    void anActionIsRefusedByWhatIsMissing(String name, String request, String missing) {
        String json = holders(request);
        UncheckedIOException refused = assertThrows(
                UncheckedIOException.class,
                () -> run.driver.answer(name, Json.tree(json.getBytes(StandardCharsets.UTF_8))));
        assertTrue(refused.getMessage().contains(missing), refused.getMessage());
        assertFalse(run.state.failure().isPresent());
    }

    @Test
    void nothingIsNoRequest() {
        for (String name : new String[] {"hello", "lease", "stepped", "beat"})
            assertEquals(
                    "nothing, where a",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> run.driver.answer(name, Json.tree("null".getBytes())))
                            .getMessage()
                            .substring(0, 16));
        for (String name : new String[] {"score", "next", "begun"})
            assertThrows(IllegalArgumentException.class, () -> run.driver.stream(name, Json.tree("null".getBytes())));
        Sink.Memory received = new Sink.Memory();
        received.open(Json.tree("null".getBytes()), 0);
        assertThrows(IllegalArgumentException.class, () -> run.driver.accept("deliver", received));
    }

    /** Without its pulse it would have been counted as busy, and the row of the next step would have failed. */
    @Test
    void theStepAfterAMessageWithoutPulseIsReported() {
        String lease = holders("{G,'groups':1,'pulse':null}");
        assertThrows(
                UncheckedIOException.class,
                () -> run.driver.answer("lease", Json.tree(lease.getBytes(StandardCharsets.UTF_8))));
        run.fetch(Messages.NEXT, run.next(1));
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(1, run.train.size());
    }
}
