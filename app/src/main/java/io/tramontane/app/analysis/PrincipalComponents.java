package io.tramontane.app.analysis;

import io.tramontane.data.BadInputException;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Principal components of a few long vectors w_1 ... w_T, from their squared distances alone:
 * <pre>
 *   G = -1/2 H D H = X X^T      D[i, j] = |w_i - w_j|^2, H = I - 1/T, rows of X: w_i - mean
 *   G v = lambda v              c = X^T v / sqrt(lambda), of length 1; coordinates X c = sqrt(lambda) v
 * </pre>
 * The paper takes eigenvectors of X^T X, of the size of theta; those of the small Gram matrix G give the same. Distances lose
 * no digits to what all checkpoints have in common. The sign of a direction is free: here the last vector's coordinate is
 * positive, or, where that is 0, the largest one.
 *
 * @param shares [K] of the whole variance, largest first
 * @param coordinates [K, T] of every vector, from the mean
 * @param weights [K, T] the direction c_k is the sum over i of {@code weights[k][i]} w_i
 */
public record PrincipalComponents(double[] shares, double[][] coordinates, double[][] weights) {
    /** A smaller share of the variance is rounding. */
    private static final double ROUNDING = 1e-10;

    /** The first {@code count}; fewer directions than that are the user's error. */
    public static PrincipalComponents of(double[][] squaredDistances, int count) {
        RealMatrix gram = gram(squaredDistances);
        EigenDecomposition eigen = new EigenDecomposition(gram);
        double[] variances = eigen.getRealEigenvalues(); // of a symmetric matrix: largest first
        double all = gram.getTrace();
        long found = Arrays.stream(variances).filter(v -> v > ROUNDING * all).count();
        if (found < count)
            throw new BadInputException(squaredDistances.length + " checkpoints differ in " + found
                    + (found == 1 ? " direction" : " directions") + ", " + count
                    + " are needed: a run keeps more with a smaller trainer.checkpointEvery"
                    + " or a larger trainer.keepCheckpoints");
        double[] shares = new double[count];
        double[][] coordinates = new double[count][];
        double[][] weights = new double[count][];
        for (int k = 0; k < count; k++) {
            double[] vector = signed(eigen.getEigenvector(k).toArray());
            shares[k] = variances[k] / all;
            coordinates[k] = scaled(vector, Math.sqrt(variances[k]));
            weights[k] = scaled(vector, 1 / Math.sqrt(variances[k]));
        }
        return new PrincipalComponents(shares, coordinates, weights);
    }

    /** Of the vectors without their mean. */
    private static RealMatrix gram(double[][] squaredDistances) {
        int n = squaredDistances.length;
        double[] rows = new double[n];
        for (int i = 0; i < n; i++)
            rows[i] = Arrays.stream(squaredDistances[i]).average().orElse(0);
        double whole = Arrays.stream(rows).average().orElse(0);
        double[][] gram = new double[n][n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) gram[i][j] = -(squaredDistances[i][j] - rows[i] - rows[j] + whole) / 2;
        return new Array2DRowRealMatrix(gram, false);
    }

    private static double[] signed(double[] vector) {
        double last = vector[vector.length - 1];
        double decides = last;
        if (Math.abs(last) < 1e-9) for (double v : vector) if (Math.abs(v) > Math.abs(decides) + 1e-9) decides = v;
        return scaled(vector, decides < 0 ? -1 : 1);
    }

    private static double[] scaled(double[] vector, double factor) {
        return Arrays.stream(vector).map(v -> v * factor).toArray();
    }

    /** How many there are. */
    public int count() {
        return shares.length;
    }

    /** Coordinates along one component, counted from the last vector. */
    public double[] fromLast(int component) {
        double[] all = coordinates[component];
        return Arrays.stream(all).map(c -> c - all[all.length - 1]).toArray();
    }
}
