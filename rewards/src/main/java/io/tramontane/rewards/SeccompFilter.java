package io.tramontane.rewards;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Assembles the seccomp filter that bubblewrap installs: a classic BPF program of 8-byte instructions ({@code u16 code,
 * u8 jt, u8 jf, u32 k}, little-endian) over {@code struct seccomp_data} (system call number at 0, architecture at 4, low
 * half of argument n at 16 + 8n). x86_64 only; a foreign architecture kills the process.
 *
 * <p>What {@link SystemCalls} lists is allowed, and of the calls below what their arguments say. Everything else answers
 * EPERM; calls newer than the list ENOSYS, so that the C library takes the older one. So does {@code clone3}, because its
 * flags lie in memory that a filter cannot read.
 */
final class SeccompFilter {
    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int EPERM = 0x00050000 | 1;
    private static final int ENOSYS = 0x00050000 | 38;
    private static final int ARCH_X86_64 = 0xC000003E;
    private static final int X32_BIT = 0x40000000;

    private static final int LOAD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_ABOVE = 0x25;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int AND = 0x54;
    private static final int RETURN = 0x06;

    private static final int IOCTL = 16;
    private static final int SOCKETPAIR = 53;
    private static final int CLONE = 56;
    private static final int FORK = 57;
    private static final int VFORK = 58;
    private static final int FCNTL = 72;
    private static final int PRCTL = 157;
    private static final int PRLIMIT64 = 302;
    private static final int CLONE3 = 435;
    private static final int NUMBER_OFFSET = 0;
    private static final int ARCH_OFFSET = 4;
    private static final int FIRST_ARGUMENT = 16;
    private static final int SECOND_ARGUMENT = 24;
    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME. */
    private static final int NEW_NAMESPACES = 0x00020000 | 0x7E000000 | 0x80;
    /** CLONE_VM, FS, FILES, SIGHAND, THREAD: with files of its own each thread could hold as many as its process. */
    private static final int THREAD = 0x00000100 | 0x200 | 0x400 | 0x800 | 0x00010000;
    /** TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: whether it is a terminal, and flags of a descriptor. */
    private static final int[] IOCTLS = {0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451};
    /**
     * F_DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC, GETPIPE_SZ. No locks, which no limit counts, and no larger pipes.
     */
    private static final int[] FCNTLS = {0, 1, 2, 3, 4, 1030, 1032};
    /** PR_SET_NAME, PR_GET_NAME. */
    private static final int[] PRCTLS = {15, 16};

    private static final int[] UNIX_DOMAIN = {1};
    /** Of pid 1 inside, which is the sandbox, limits could be set too. */
    private static final int[] ITSELF = {0};

    private final List<long[]> program = new ArrayList<>();

    private SeccompFilter() {}

    /** The filter as bubblewrap reads it from {@code --seccomp FD}. */
    static byte[] assemble(boolean mayFork) {
        SeccompFilter filter = new SeccompFilter();
        filter.emit(LOAD, 0, 0, ARCH_OFFSET);
        filter.emit(JUMP_EQUAL, 1, 0, ARCH_X86_64);
        filter.emit(RETURN, 0, 0, KILL);
        filter.emit(LOAD, 0, 0, NUMBER_OFFSET);
        filter.emit(JUMP_AT_LEAST, 0, 1, X32_BIT);
        filter.emit(RETURN, 0, 0, KILL);
        for (int number : SystemCalls.allowed().values()) filter.answer(number, ALLOW);
        filter.oneOf(IOCTL, SECOND_ARGUMENT, IOCTLS);
        filter.oneOf(FCNTL, SECOND_ARGUMENT, FCNTLS);
        filter.oneOf(PRCTL, FIRST_ARGUMENT, PRCTLS);
        filter.oneOf(SOCKETPAIR, FIRST_ARGUMENT, UNIX_DOMAIN);
        filter.oneOf(PRLIMIT64, FIRST_ARGUMENT, ITSELF);
        if (mayFork) {
            filter.answer(FORK, ALLOW);
            filter.answer(VFORK, ALLOW);
        }
        filter.cloneRules(mayFork);
        filter.answer(CLONE3, ENOSYS);
        filter.emit(JUMP_ABOVE, 0, 1, SystemCalls.LAST_KNOWN);
        filter.emit(RETURN, 0, 0, ENOSYS);
        filter.emit(RETURN, 0, 0, EPERM);
        return filter.bytes();
    }

    private void answer(int number, int verdict) {
        emit(JUMP_EQUAL, 0, 1, number);
        emit(RETURN, 0, 0, verdict);
    }

    /** Allows a call whose argument is one of these. */
    private void oneOf(int number, int argument, int[] values) {
        emit(JUMP_EQUAL, 0, 2 + 2 * values.length, number);
        emit(LOAD, 0, 0, argument);
        for (int value : values) answer(value, ALLOW);
        emit(RETURN, 0, 0, EPERM);
    }

    private void cloneRules(boolean mayFork) {
        emit(JUMP_EQUAL, 0, mayFork ? 4 : 7, CLONE);
        emit(LOAD, 0, 0, FIRST_ARGUMENT);
        emit(JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES);
        emit(RETURN, 0, 0, EPERM);
        if (!mayFork) {
            emit(AND, 0, 0, THREAD);
            emit(JUMP_EQUAL, 1, 0, THREAD);
            emit(RETURN, 0, 0, EPERM);
        }
        emit(RETURN, 0, 0, ALLOW);
    }

    private void emit(int code, int ifTrue, int ifFalse, int k) {
        program.add(new long[] {code, ifTrue, ifFalse, k});
    }

    private byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] line : program)
            out.putShort((short) line[0])
                    .put((byte) line[1])
                    .put((byte) line[2])
                    .putInt((int) line[3]);
        return out.array();
    }
}
