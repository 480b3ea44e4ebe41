package io.tramontane.model.ranks;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of all ranks of one machine, mapped by each: an anonymous file of Linux (memfd_create), which is gone with its
 * processes, however they end. It takes pages as they are written to. What a rank allocates lies at the same offset on all
 * ranks, since all allocate the same lengths in the same order.
 */
final class SharedMemory implements AutoCloseable {
    private static final C LIBC = Native.load("c", C.class);
    private static final int READ_WRITE = 2;
    private static final int PROTECTION = 3;
    private static final int SHARED_NO_RESERVE = 0x4001;
    private static final int PAGE = 4096;

    private final int file;
    private final long size;
    private final List<Pointer> maps = new ArrayList<>(); // by rank
    private final int rank;
    private long used;

    /** Names and types are libc's. */
    interface C extends Library {
        int memfd_create(String name, int flags) throws LastErrorException;

        int ftruncate(int file, NativeLong length) throws LastErrorException;

        int open(String path, int flags) throws LastErrorException;

        int close(int file) throws LastErrorException;

        Pointer mmap(Pointer at, NativeLong length, int protection, int flags, int file, NativeLong offset)
                throws LastErrorException;

        int munmap(Pointer at, NativeLong length) throws LastErrorException;
    }

    /**
     * Room for so many bytes, not mapped yet.
     *
     * @param size the same on all ranks
     */
    SharedMemory(int rank, long size) throws IOException {
        this.rank = rank;
        this.size = size;
        try {
            file = LIBC.memfd_create("tramontane-rank-" + rank, 0);
            LIBC.ftruncate(file, new NativeLong(size));
        } catch (LastErrorException e) {
            throw new IOException("no shared memory of " + size + " bytes: " + e.getMessage(), e);
        }
    }

    /** Where other processes of the machine find it. */
    String path() {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + file;
    }

    /** Maps the memory of all ranks, by rank. */
    void map(List<String> paths) throws IOException {
        for (String path : paths) {
            try {
                int opened = LIBC.open(path, READ_WRITE);
                try {
                    maps.add(LIBC.mmap(
                            null, new NativeLong(size), PROTECTION, SHARED_NO_RESERVE, opened, new NativeLong(0)));
                } finally {
                    LIBC.close(opened);
                }
            } catch (LastErrorException e) {
                throw new IOException("shared memory " + path + " cannot be mapped: " + e.getMessage(), e);
            }
        }
    }

    /** Bytes of zeros; returns their offset. */
    long allocate(long bytes) {
        long at = used;
        used += (bytes + PAGE - 1) / PAGE * PAGE;
        if (used > size) throw new IllegalStateException("shared memory of " + size + " bytes, needed " + used);
        return at;
    }

    /** Address of an offset in a rank's memory. */
    long address(int of, long offset) {
        return Pointer.nativeValue(maps.get(of)) + offset;
    }

    /** The offset of an address in the own memory. */
    long offset(long address) {
        long offset = address - Pointer.nativeValue(maps.get(rank));
        if (offset < 0 || offset >= used) throw new IllegalArgumentException("a vector that lies in no shared memory");
        return offset;
    }

    @Override
    public void close() {
        for (Pointer map : maps) LIBC.munmap(map, new NativeLong(size));
        maps.clear();
        LIBC.close(file);
    }
}
