package io.tramontane.rewards;

/**
 * One restriction of the sandbox, each with what happens without it. All are always on; tests take one away to see
 * that it is what holds.
 */
enum Guard {
    /** Under root, programs are user 65534 outside. Without: root's files can be read. */
    OTHER_USER,
    /** No network but an empty loopback. Without: the host's. */
    NETWORK,
    /** Own process numbers, which die with their first. Without: every process of the host is seen. */
    PROCESSES,
    /** Own System V and POSIX queues and shared memory. Without: the host's. */
    IPC,
    /** Own host name. Without: the host's. */
    HOSTNAME,
    /** Own root of control groups. Without: the names of the host's. */
    CONTROL_GROUPS,
    /** No further namespaces. Without: a program is root in one of its own. */
    NO_NAMESPACES,
    /** The program dies with the process that we hold. Without: it outlives being killed. */
    DIE_WITH_PARENT,
    /** Own session. Without: the one of the terminal that started us. */
    SESSION,
    /** An ordinary user inside, without capabilities. Without: a root with them, where we are root. */
    NO_CAPABILITIES,
    /** An environment of five fixed variables. Without: ours, with its secrets. */
    ENVIRONMENT,
    /** Nothing of the host outside /usr. Without: its /etc. */
    FILES,
    /** The job's folder is read-only. Without: a test can change the program for the next. */
    READ_ONLY_JOB,
    /** The host's /usr/local is hidden. Without: it is read. */
    NO_LOCAL,
    /** Own /tmp. Without: the host's. */
    TMP,
    /** A limited /tmp. Without: memory that no limit counts. */
    TMP_SIZE,
    /** A limited number of files in /tmp. Without: the kernel's memory for their names, which no limit counts. */
    FILE_COUNT,
    /** What /proc tells of pid 1 inside is hidden. Without: its memory can be written. */
    HIDDEN_INIT,
    /** The root is read-only once it is built. Without: memory that no limit counts. */
    READ_ONLY_ROOT,
    /** The folder of devices is read-only. Without: memory that no limit counts. */
    READ_ONLY_DEV,
    /** Own devices. Without: the host's, with its shared memory. */
    DEV,
    /** A filter on system calls. Without: sockets, processes, tracing, keys, uncounted memory. */
    SYSTEM_CALLS,
    /** Address space. */
    MEMORY,
    /** CPU time. Without: only the clock ends a loop. */
    CPU,
    /** Processes and threads. */
    PROCESS_COUNT,
    /** The size of a file. */
    FILE_SIZE,
    /** Open files. */
    OPEN_FILES,
    /** Signals that wait. Without: the kernel's memory for them. */
    WAITING_SIGNALS,
    /** No core files. */
    NO_CORE
}
