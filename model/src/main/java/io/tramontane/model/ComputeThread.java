package io.tramontane.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Switches of PyTorch that belong to a thread and are not inherited. Every thread that computes calls
 * {@link #prepare()} first: without it the graph executor rewrites the program, and its first call then gives other bits
 * than later ones, which breaks replay and resume.
 */
public final class ComputeThread {
    private ComputeThread() {}

    /** Prepares the calling thread; may be called again. */
    public static void prepare() {
        Engine.getEngine("PyTorch"); // loads the native library
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(true);
    }

    /** Prepares the calling thread and gives its operators so many threads; roles run with one. */
    public static void prepare(int threads) {
        prepare();
        JniUtils.setNumThreads(threads);
    }
}
