"""Reads the log in the directory that it is given, as docs/log-format.md describes it.

Prints a line of JSON for every fact. Ends with 1 and a message when the log is damaged, and changes nothing.
"""

import hashlib
import json
import os
import re
import sys

LINK = b'"}\n'
TAIL = re.compile(rb'^(.*),"hash":"([0-9a-f]{64})"\}\n$', re.DOTALL)


def damaged(path, offset, problem):
    sys.exit(f"{path} at byte {offset}: {problem}")


def segments(directory):
    names = os.listdir(directory) if os.path.isdir(directory) else []
    numbers = sorted(int(name[:-6]) for name in names if re.fullmatch(r"\d{8,}\.jsonl", name))
    for expected, number in enumerate(numbers, 1):
        path = os.path.join(directory, f"{expected:08}.jsonl")
        if number != expected:
            damaged(path, 0, "the segment is missing")
        yield path, expected, expected == len(numbers)


def verified(line, previous):
    """The fields of a line, if its hash is right."""
    match = TAIL.match(line)
    if match is None:
        return None
    body, digits = match.groups()
    if hashlib.sha256(previous + LINK + body).hexdigest().encode() != digits:
        return None
    return json.loads(line)


def reads_as_record(line):
    try:
        value = json.loads(line)
    except ValueError:
        return False
    return isinstance(value, dict) and "hash" in value


def facts(directory):
    previous, sequence, versions = b"0" * 64, 0, {}
    for path, number, is_last in segments(os.path.join(directory, "log")):
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
        rest = lines.pop()
        offset, append = 0, []
        for index, line in enumerate(lines):
            fields = verified(line + b"\n", previous)
            if fields is None:
                if is_last and index > 0 and not any(reads_as_record(later) for later in lines[index:]):
                    rest = line
                    break
                damaged(path, offset, "the chain of hashes is broken")
            if fields["v"] != 1:
                damaged(path, offset, f"version {fields['v']} is newer than this reader")
            if index == 0:
                expected = ("coppice", number, sequence + len(append) + 1, previous.decode())
                if (fields["log"], fields["segment"], fields["first"], fields["prev"]) != expected:
                    damaged(path, offset, "the header does not continue the log")
            else:
                check(fields, append, sequence, versions, path, offset)
                append.append(fields)
                if fields["more"] == 0:
                    yield from append
                    sequence += len(append)
                    append = []
            previous = fields["hash"].encode()
            offset += len(line) + 1
        if (append or rest) and not is_last:
            damaged(path, offset, "the segment ends within an append")


def check(fields, append, sequence, versions, path, offset):
    if fields["seq"] != sequence + len(append) + 1:
        damaged(path, offset, "a sequence is missing")
    if append and fields["more"] != append[-1]["more"] - 1:
        damaged(path, offset, "an append is not whole")
    version = versions[fields["stream"]] = versions.get(fields["stream"], 0) + 1
    if fields["version"] != version:
        damaged(path, offset, "a version of the stream is missing")


for fact in facts(sys.argv[1]):
    keys = ("type", "at", "data", "stream", "version", "hash")
    print(json.dumps({"sequence": fact["seq"], **{key: fact[key] for key in keys}}))
