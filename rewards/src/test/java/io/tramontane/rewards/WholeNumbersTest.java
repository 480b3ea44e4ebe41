package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Problem.TestCode;
import io.tramontane.rewards.FunctionRunner.FunctionRun;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whole numbers where a test wants a float, and the other way round. The solution of each test returns what it gets. */
class WholeNumbersTest {
    private static final List<String> EQUAL = List.of(
            "f(1333335333334000000) == 1.333335333334e+18", // the float is 128 more
            "1.333335333334e+18 == f(1333335333334000000)",
            "f(896519947090131496687170070074100632420837521538745909320) == 8.96519947090131e+56",
            "f(3) == 3.0",
            "f(3) == 2.9999999999999996",
            "f(2**100) == 1.2676506002282294e+30",
            "f([1333335333334000000, 2]) == [1.333335333334e+18, 2.0]",
            "f({'a': (1333335333334000000,)}) == {'a': (1.333335333334e+18,)}",
            "f(-1333335333334000000) == -1.333335333334e+18",
            "f(0) == 0.0000001",
            "f(True) == 1.0",
            "f(4.0) == 4",
            "f(10**16 + 1) == 1e16",
            "f(0.1) + 0.2 == 0.3",
            "not f(3) == 4.0");
    private static final List<String> DIFFERENT = List.of(
            "f(1333335343334000000) == 1.333335333334e+18", // relative 7.5e-9
            "f(1000001) == 1000000.0", // floats tell these apart
            "f(9007199254740991) == 9007199254740990.0",
            "f(3) == 3.5",
            "f(3) == 3.00001",
            "f(1000000) == 1000000.5",
            "f(4.0000001) == 4", // a whole number is wanted
            "4 == f(4.0000001)",
            "f([4.0000001]) == [4]",
            "f(1333335333334000128) == 1333335333334000000",
            "f(10**400) == 1e300",
            "f(10**400) == float('inf')",
            "f(3) == float('nan')",
            "f('3') == 3.0",
            "f([3]) == 3.0",
            "f(True) == 0.99999999",
            "f(1) != 1.0");

    private static CodeEnvironment environment;

    @BeforeAll
    static void open() {
        SandboxForTests.open().close(); // skips without a sandbox
        environment = CodeEnvironment.open(CodeVerifierTest.QUICK);
    }

    @AfterAll
    static void close() {
        if (environment != null) environment.close();
    }

    private static FunctionRun asserts(List<String> claims) {
        return environment
                .functions()
                .run(
                        "def f(x): return x",
                        new TestCode("assert " + String.join("\nassert ", claims), List.of("f")),
                        true);
    }

    @Test
    void aWholeNumberStandsForTheFloatThatIsWanted() {
        FunctionRun run = asserts(EQUAL);
        assertEquals(EQUAL.size(), run.passed(), run.toString());
    }

    @Test
    void otherWholeNumbersDoNotAndAFloatNeverStandsForAWholeNumber() {
        for (String claim : DIFFERENT) assertEquals(0, asserts(List.of(claim)).passed(), claim);
    }
}
