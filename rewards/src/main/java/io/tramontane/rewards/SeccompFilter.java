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
 * <p>Denied with EPERM: new namespaces, mounts, tracing and reading other processes, keys, kernel modules, BPF, io_uring,
 * performance events, sockets, System V and POSIX queues and shared memory and memory files (memory that no limit
 * counts), clocks, terminal injection. {@code clone3} answers ENOSYS because its flags lie in memory that a filter cannot
 * read: the C library then uses {@code clone}, whose flags it can.
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
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int IOCTL = 16;
    private static final int CLONE = 56;
    private static final int FORK = 57;
    private static final int VFORK = 58;
    private static final int CLONE3 = 435;
    private static final int NUMBER_OFFSET = 0;
    private static final int ARCH_OFFSET = 4;
    private static final int FIRST_ARGUMENT = 16;
    private static final int SECOND_ARGUMENT = 24;
    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME. */
    private static final int NEW_NAMESPACES = 0x00020000 | 0x7E000000 | 0x80;

    private static final int CLONE_THREAD = 0x00010000;
    private static final int TIOCSTI = 0x5412;
    private static final int TIOCLINUX = 0x541C;

    /** System call numbers of x86_64. */
    private static final int[] DENIED = {
        29,
        30,
        31,
        67, // shmget, shmat, shmctl, shmdt
        41,
        42,
        43,
        49,
        50,
        288, // socket, connect, accept, bind, listen, accept4
        64,
        65,
        66,
        220, // semget, semop, semctl, semtimedop
        68,
        69,
        70,
        71, // msgget, msgsnd, msgrcv, msgctl
        101,
        310,
        311,
        312,
        438, // ptrace, process_vm_readv, process_vm_writev, kcmp, pidfd_getfd
        103,
        134,
        135,
        136,
        139,
        153,
        154,
        156, // syslog, uselib, personality, ustat, sysfs, vhangup, modify_ldt, _sysctl
        155,
        161,
        165,
        166,
        167,
        168,
        169, // pivot_root, chroot, mount, umount2, swapon, swapoff, reboot
        159,
        164,
        227,
        305, // adjtimex, settimeofday, clock_settime, clock_adjtime
        163,
        170,
        171,
        172,
        173, // acct, sethostname, setdomainname, iopl, ioperm
        174,
        175,
        176,
        177,
        178,
        313, // create_module, init_module, delete_module, get_kernel_syms, query_module, finit_module
        179,
        180,
        212,
        443, // quotactl, nfsservctl, lookup_dcookie, quotactl_fd
        237,
        238,
        256,
        279, // mbind, set_mempolicy, migrate_pages, move_pages
        240,
        241,
        242,
        243,
        244,
        245, // mq_open, mq_unlink, mq_timedsend, mq_timedreceive, mq_notify, mq_getsetattr
        246,
        320, // kexec_load, kexec_file_load
        248,
        249,
        250, // add_key, request_key, keyctl
        272,
        308, // unshare, setns
        298,
        300,
        301,
        303,
        304, // perf_event_open, fanotify_init, fanotify_mark, name_to_handle_at, open_by_handle_at
        319,
        321,
        323,
        447, // memfd_create, bpf, userfaultfd, memfd_secret
        425,
        426,
        427, // io_uring_setup, io_uring_enter, io_uring_register
        428,
        429,
        430,
        431,
        432,
        433,
        442 // open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr
    };

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
        for (int number : DENIED) filter.answer(number, EPERM);
        filter.answer(CLONE3, ENOSYS);
        if (!mayFork) {
            filter.answer(FORK, EPERM);
            filter.answer(VFORK, EPERM);
        }
        filter.cloneRules(mayFork);
        filter.ioctlRules();
        filter.emit(RETURN, 0, 0, ALLOW);
        return filter.bytes();
    }

    private void answer(int number, int verdict) {
        emit(JUMP_EQUAL, 0, 1, number);
        emit(RETURN, 0, 0, verdict);
    }

    private void cloneRules(boolean mayFork) {
        emit(JUMP_EQUAL, 0, mayFork ? 4 : 6, CLONE);
        emit(LOAD, 0, 0, FIRST_ARGUMENT);
        emit(JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES);
        emit(RETURN, 0, 0, EPERM);
        if (!mayFork) {
            emit(JUMP_ANY_BIT, 1, 0, CLONE_THREAD);
            emit(RETURN, 0, 0, EPERM);
        }
        emit(RETURN, 0, 0, ALLOW);
    }

    private void ioctlRules() {
        emit(JUMP_EQUAL, 0, 4, IOCTL);
        emit(LOAD, 0, 0, SECOND_ARGUMENT);
        emit(JUMP_EQUAL, 1, 0, TIOCSTI);
        emit(JUMP_EQUAL, 0, 1, TIOCLINUX);
        emit(RETURN, 0, 0, EPERM);
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
