package io.tramontane.model;

import io.tramontane.data.BadInputException;

/** A gradient without a finite norm. The weights were not changed; doing the same again ends in the same way. */
public final class NotFiniteGradientException extends BadInputException {
    NotFiniteGradientException(double norm) {
        this("the norm of the gradient is " + norm + ", must be finite; the weights are as they were");
    }

    private NotFiniteGradientException(String message) {
        super(message);
    }

    /** The same with the place in training in front of it. */
    public NotFiniteGradientException at(String where) {
        return new NotFiniteGradientException(where + ": " + getMessage());
    }
}
