/** The newest schema version of headers and records that this code reads, and the one that it writes. */
export const FORMAT_VERSION = 2

/** Bytes of a record's line, its newline included. */
export const MAX_RECORD_BYTES = 1_048_576

/** Bytes of a segment header's line, its newline included; far more than any version needs. */
export const MAX_HEADER_BYTES = 4_096
