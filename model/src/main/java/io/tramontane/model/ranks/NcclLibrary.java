package io.tramontane.model.ranks;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/** The part of NCCL that is used; names, types and numbers are those of nccl.h of 2.26.2. */
interface NcclLibrary extends Library {
    /** Nothing is wrong. */
    int SUCCESS = 0;

    /** A communicator that does not block still works on its last call. */
    int IN_PROGRESS = 7;

    /** float32, of ncclDataType_t. */
    int FLOAT32 = 7;

    /** Addition, of ncclRedOp_t. */
    int SUM = 0;

    int ncclGetVersion(IntByReference version);

    int ncclGetUniqueId(UniqueId id);

    int ncclCommInitRankConfig(
            PointerByReference communicator, int ranks, UniqueId.ByValue id, int rank, Config config);

    int ncclCommGetAsyncError(Pointer communicator, IntByReference state);

    int ncclReduceScatter(
            Pointer send, Pointer receive, long receiveCount, int type, int operation, Pointer comm, Pointer stream);

    int ncclAllGather(Pointer send, Pointer receive, long sendCount, int type, Pointer comm, Pointer stream);

    int ncclCommFinalize(Pointer communicator);

    int ncclCommDestroy(Pointer communicator);

    int ncclCommAbort(Pointer communicator);

    String ncclGetErrorString(int result);

    String ncclGetLastError(Pointer communicator);

    /** ncclUniqueId: where rank 0 waits for the others. */
    @Structure.FieldOrder("internal")
    class UniqueId extends Structure {
        static final int BYTES = 128;

        // JNA reads public fields
        public byte[] internal = new byte[BYTES];

        /** As an argument by value. */
        static final class ByValue extends UniqueId implements Structure.ByValue {
            ByValue(byte[] id) {
                System.arraycopy(id, 0, internal, 0, BYTES);
            }
        }
    }

    /** ncclConfig_t. */
    @Structure.FieldOrder({
        "size",
        "magic",
        "version",
        "blocking",
        "cgaClusterSize",
        "minCTAs",
        "maxCTAs",
        "netName",
        "splitShare",
        "trafficClass"
    })
    final class Config extends Structure {
        private static final int MAGIC = 0xcafebeef;
        private static final int VERSION = 22602;
        private static final int UNDEFINED = Integer.MIN_VALUE;

        public long size;
        public int magic = MAGIC;
        public int version = VERSION;
        public int blocking = UNDEFINED;
        public int cgaClusterSize = UNDEFINED;
        public int minCTAs = UNDEFINED;
        public int maxCTAs = UNDEFINED;
        public Pointer netName;
        public int splitShare = UNDEFINED;
        public int trafficClass = UNDEFINED;

        /** All calls return at once; {@link #ncclCommGetAsyncError} says how they went. */
        static Config notBlocking() {
            Config config = new Config();
            config.size = config.size();
            config.blocking = 0;
            return config;
        }
    }
}
