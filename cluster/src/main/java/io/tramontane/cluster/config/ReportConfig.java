package io.tramontane.cluster.config;

import java.io.Serializable;

/**
 * Formats of other programs that a run's numbers are written in, besides metrics.jsonl and TensorBoard's.
 *
 * @param mlflow also writes {@code mlruns/} into the run folder: MLflow's own files, for {@code mlflow ui}
 * @param wandb also writes {@code wandb/} into the run folder: an offline run, for {@code wandb sync}
 * @param prometheusPort serves the newest numbers as Prometheus text at http://127.0.0.1:PORT/metrics; 0 serves nothing
 */
public record ReportConfig(boolean mlflow, boolean wandb, int prometheusPort) implements Serializable {
    /** None of them. */
    public static ReportConfig defaults() {
        return new ReportConfig(false, false, 0);
    }

    /** Checks the port. */
    public ReportConfig {
        if (prometheusPort < 0 || prometheusPort > 65535)
            throw new IllegalArgumentException(
                    "report.prometheusPort " + prometheusPort + ", allowed 0 (none) to 65535");
    }
}
