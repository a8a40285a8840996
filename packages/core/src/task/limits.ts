/** Characters of a task id; it becomes a directory, a branch and a ref, so it stays far below their limits. */
export const MAX_TASK_ID_LENGTH = 64

/** Characters of a task's free-text title. */
export const MAX_TITLE_LENGTH = 256

/** Characters of a checkpoint's or a merge's message, and of the reason for a park or an abandonment. */
export const MAX_MESSAGE_LENGTH = 8_192

/** How often a worktree's creation is tried before the task fails. */
export const MAX_CREATION_ATTEMPTS = 5

/** How often a merge is prepared anew because its base has moved; a base that something moves each time is given up. */
export const MAX_BASE_MOVES = 1_000

/** Milliseconds before the second attempt; every later one waits twice as long as the one before. */
export const CREATION_BACKOFF_MS = 100

/** File names that one fact lists; a longer list is cut and its true length kept beside it. */
export const MAX_LISTED_FILES = 1_000

/** How often an effect may pin new content before it gives up on a worktree that never rests. */
export const MAX_PINS_PER_EFFECT = 8

/** Milliseconds that a merge waits for its turn, before it goes on without. */
export const TURN_PATIENCE_MS = 60_000
