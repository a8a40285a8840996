"""Reads the log in the directory that it is given, as docs/log-format.md describes it.

Prints a line of JSON for every fact. Ends with 1 and a message when the log is damaged, and changes nothing.
"""

import hashlib
import json
import math
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
        yield path


def verified(line, previous):
    """The fields of a line, if its hash is right."""
    match = TAIL.match(line)
    if match is None:
        return None
    body, digits = match.groups()
    if hashlib.sha256(previous + LINK + body).hexdigest().encode() != digits:
        return None
    return json.loads(line)


def record_in(line):
    """The fields of a line that has the form of a record, be its hash right or wrong."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "hash" in value else None


def synced_of(fields):
    """The sequence up to which the log was synced before a record was written; anything for version 1."""
    if fields.get("v") == 1:
        return math.inf
    return fields.get("synced", fields.get("seq", math.inf) - 1)


def is_damage(rest, readable):
    """Whether lines behind the last whole append can not be what an interrupted write left."""
    if record_in(rest[0]) is not None:
        return True
    later = [record_in(line) for line in rest[1:]]
    return any(fields is not None and synced_of(fields) > readable for fields in later)


def header_of(path, number):
    with open(path, "rb") as file:
        line = file.readline()
    fields = verified(line, str(json.loads(line)["prev"]).encode()) if line.endswith(b"\n") else None
    if fields is None or (fields["log"], fields["segment"]) != ("coppice", number):
        damaged(path, 0, "the header is broken")
    require_version(fields, path, 0)
    return fields


def require_version(fields, path, offset):
    if fields["v"] > 2:
        damaged(path, offset, f"version {fields['v']} is newer than this reader")


def facts(directory):
    previous, sequence, versions = b"0" * 64, 0, {}
    paths = list(segments(os.path.join(directory, "log")))
    headers = [header_of(path, number) for number, path in enumerate(paths, 1)]
    for number, path in enumerate(paths):
        header, following = headers[number], headers[number + 1] if number + 1 < len(paths) else None
        if (header["first"], header["prev"]) != (sequence + 1, previous.decode()):
            damaged(path, 0, "the header does not continue the log")
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
        previous, offset, append = header["hash"].encode(), len(lines[0]) + 1, []
        for index, line in enumerate(lines[1:-1], 1):
            if following is not None and sequence == following["first"] - 1:
                break
            fields = verified(line + b"\n", previous)
            if fields is None:
                if following is not None or is_damage(lines[index:-1], sequence):
                    damaged(path, offset, "the chain of hashes is broken")
                break
            require_version(fields, path, offset)
            check(fields, append, sequence, path, offset)
            append.append(fields)
            if fields.get("more", 0) == 0:
                check_versions(append, versions, path, offset)
                yield from append
                sequence += len(append)
                append = []
            previous = fields["hash"].encode()
            offset += len(line) + 1
        if following is not None and sequence != following["first"] - 1:
            damaged(path, offset, "the segment ends too early")


def check(fields, append, sequence, path, offset):
    if fields["seq"] != sequence + len(append) + 1:
        damaged(path, offset, "a sequence is missing")
    if fields["v"] >= 2 and not 0 <= synced_of(fields) < fields["seq"]:
        damaged(path, offset, "what was synced before is not said")
    if append and fields.get("more", 0) != append[-1]["more"] - 1:
        damaged(path, offset, "an append is not whole")


def check_versions(append, versions, path, offset):
    for fields in append:
        version = versions[fields["stream"]] = versions.get(fields["stream"], 0) + 1
        if fields["version"] != version:
            damaged(path, offset, "a version of the stream is missing")


for fact in facts(sys.argv[1]):
    keys = ("type", "at", "data", "stream", "version", "hash")
    print(json.dumps({"sequence": fact["seq"], **{key: fact[key] for key in keys}}))
