package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tramontane.data.BadInputException;
import io.tramontane.data.UnreadableException;
import org.junit.jupiter.api.Test;

class TaskFailureTest {
    private static final String BARRIER = "Job aborted due to stage failure: Could not recover from a failed barrier"
            + " ResultStage. Most recent failure reason: Stage failed because barrier task ResultTask(0, 0) finished"
            + " unsuccessfully.\n";
    private static final String DRIVER = "\n\nDriver stacktrace:\n\tat org.apache.spark.X.y(X.scala:1)";

    private static RuntimeException of(String text) {
        return TaskFailure.of("trainer", new IllegalStateException(text));
    }

    @Test
    void aBarrierTasksExceptionIsTheMessageAndItsTraceTheTrace() {
        RuntimeException told = of(BARRIER
                + "java.io.UncheckedIOException: cannot save\n"
                + "\tat io.tramontane.trainer.Trainer.save(Trainer.java:77)\n"
                + "\tat java.base/java.lang.Thread.run(Thread.java:840)\n"
                + "Caused by: java.io.IOException: No space left on device\n"
                + "\tat java.base/sun.nio.ch.FileDispatcherImpl.write0(Native Method)\n\t... 12 more"
                + DRIVER);
        assertEquals(
                "role trainer failed: java.io.UncheckedIOException: cannot save (caused by: java.io.IOException: No space"
                        + " left on device)",
                told.getMessage());
        assertEquals("io.tramontane.trainer.Trainer.save(Trainer.java:77)", told.getStackTrace()[0].toString());
        assertEquals(2, told.getStackTrace().length);
    }

    @Test
    void aLostExecutorIsNamed() {
        assertEquals(
                "role trainer failed: executor 2 was lost (Command exited with code 137)",
                of(BARRIER
                                + "ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason:"
                                + " Command exited with code 137"
                                + DRIVER)
                        .getMessage());
    }

    @Test
    void anOrdinaryTasksLastAttemptCounts() {
        assertEquals(
                "role trainer failed: java.lang.IllegalStateException: driver at 127.0.0.1:1: gone",
                of("Job aborted due to stage failure: Task 0 in stage 1.0 failed 20 times, most recent failure: Lost task"
                                + " 0.19 in stage 1.0 (TID 25) (127.0.0.1 executor 2): java.lang.IllegalStateException:"
                                + " driver at 127.0.0.1:1: gone\n\tat a.B.c(B.java:1)"
                                + DRIVER)
                        .getMessage());
    }

    @Test
    void badInputThatATaskMetStaysBadInput() {
        RuntimeException told =
                of(BARRIER + "io.tramontane.data.BadInputException: model.safetensors: damaged\n\tat a.B.c(B.java:1)");
        assertInstanceOf(BadInputException.class, told);
        assertEquals("model.safetensors: damaged", told.getMessage());
    }

    @Test
    void whatIsNoTasksFailureIsToldAsItIs() {
        assertEquals(
                "role trainer failed: SparkContext was shut down",
                of("SparkContext was shut down\nmore").getMessage());
    }

    @Test
    void aSubclassOfBadInputIsBadInputToo() {
        RuntimeException told = of(BARRIER
                + "io.tramontane.model.NotFiniteGradientException: step 3, minibatch 1 of 2: the norm of the gradient is NaN\n"
                + "\tat io.tramontane.trainer.Trainer.update(Trainer.java:140)"
                + DRIVER);
        assertInstanceOf(BadInputException.class, told);
        assertEquals("step 3, minibatch 1 of 2: the norm of the gradient is NaN", told.getMessage());
    }

    @Test
    void badInputOfTheDriversOwnThreadStaysWhatItIs() {
        BadInputException damaged = new BadInputException("batches/step-000003.arrow: is missing");
        assertSame(damaged, TaskFailure.of("trainer", damaged));
    }

    @Test
    void aStorageThatDoesNotAnswerATaskIsNoPermanentFault() {
        String text =
                BARRIER + "io.tramontane.data.UnreadableException: s3a://b/x: cannot be read (timeout)\n" + DRIVER;
        RuntimeException failure = of(text);
        assertEquals(UnreadableException.class, failure.getClass());
        assertEquals("s3a://b/x: cannot be read (timeout)", failure.getMessage());
    }
}
