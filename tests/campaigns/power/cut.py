"""Ends a file system as a power cut does: what it has not written yet, it never writes.

This is the ioctl EXT4_IOC_SHUTDOWN, with the flag that also leaves behind what the journal holds in memory. It waits
for a line with the id of the process that works on the file system, or 0, and stops that process first. Without that,
a sync that is under way while the file system ends can report success though nothing was written, which no disk
without power does; even a loop of nothing but write and fdatasync sees that now and then.
"""

import fcntl
import os
import signal
import struct
import sys

EXT4_IOC_SHUTDOWN = 0x8004587D
EXT4_GOING_FLAGS_NOLOGFLUSH = 2


def stop(process):
    """Returns when its main thread, which is the one that acknowledges, is stopped or has ended."""
    try:
        os.kill(process, signal.SIGSTOP)
        while state_of(process) not in "TtZX":
            pass
    except (ProcessLookupError, FileNotFoundError):
        pass  # It has ended.


def state_of(process):
    with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0]


mount_point = os.open(sys.argv[1], os.O_RDONLY)
print("ready", flush=True)
process = int(sys.stdin.readline())
if process != 0:
    stop(process)
fcntl.ioctl(mount_point, EXT4_IOC_SHUTDOWN, struct.pack("I", EXT4_GOING_FLAGS_NOLOGFLUSH))
