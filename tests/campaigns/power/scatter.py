"""Writes some of the pages of the files in a directory to the disk, as the kernel may do with any of them at any time.

The seed chooses which. It may also write the journal, so that the files have their new sizes, with holes where the
other pages are.
"""

import ctypes
import os
import random
import sys

WAIT_BEFORE, WRITE, WAIT_AFTER = 1, 2, 4
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

libc = ctypes.CDLL(None, use_errno=True)
libc.sync_file_range.argtypes = [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint]


def write_page(file, offset):
    if libc.sync_file_range(file, offset, PAGE_BYTES, WAIT_BEFORE | WRITE | WAIT_AFTER) != 0:
        raise OSError(ctypes.get_errno(), "sync_file_range")


directory, seed = sys.argv[1:]
if not os.path.isdir(directory):
    sys.exit()
chance = random.Random(seed)
share = chance.random()
for name in sorted(os.listdir(directory)):
    file = os.open(os.path.join(directory, name), os.O_RDONLY)
    for offset in range(0, os.fstat(file).st_size, PAGE_BYTES):
        if chance.random() < share:
            write_page(file, offset)
    os.close(file)
if chance.random() < 0.7:
    os.fsync(os.open(directory, os.O_RDONLY))
