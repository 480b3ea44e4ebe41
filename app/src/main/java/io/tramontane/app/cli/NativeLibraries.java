package io.tramontane.app.cli;

import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.jni.LibUtils;

/**
 * Unpacks the native libraries of PyTorch and of the tokenizers into DJL's cache. The launcher runs it once after a build: several processes that
 * unpack at the same moment would load half-written files.
 */
final class NativeLibraries {
    private NativeLibraries() {}

    public static void main(String[] args) {
        Logs.toTemporaryFile();
        Engine.getEngine("PyTorch");
        LibUtils.checkStatus();
        Logs.dropTemporaryFile();
    }
}
