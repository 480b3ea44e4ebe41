package io.tramontane.cluster.ledger;

import io.tramontane.data.Batch;
import java.io.IOException;

/** Where batches are recorded before anybody trains on them. */
public interface BatchStore {
    /** Records a batch so that it survives the process; returns the SHA-256 of the record in hexadecimal. */
    String write(Batch batch) throws IOException;

    /** The recorded batch of a step, which must have this digest. */
    Batch read(int step, String digest) throws IOException;
}
