package io.tramontane.app.cli;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;

/**
 * Unpacks the native libraries of PyTorch and of the tokenizers into DJL's cache. The launcher runs it once after a build: several processes that
 * unpack at the same moment would load half-written files.
 */
final class NativeLibraries {
    private NativeLibraries() {}

    public static void main(String[] args) {
        Logs.toTemporaryFile();
        try {
            Engine.getEngine("PyTorch");
            LibUtils.checkStatus();
        } catch (EngineException | UnsatisfiedLinkError e) {
            Throwable cause = e;
            while (cause.getCause() != null) cause = cause.getCause();
            System.err.println(cause.getMessage());
            System.exit(Tramontane.OUR_FAILURE);
        }
        Logs.dropTemporaryFile();
    }
}
