/** Bytes of an index, about a hundred for each file, from which on a look takes so long that another process saves a part of it. */
export const LARGE_INDEX_BYTES = 2 * 2 ** 20

/** Files that every look would read, from which on it is worth another process to have the index know their times. */
export const MANY_DOUBTFUL = 200
