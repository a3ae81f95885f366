/** The command line is wrong: one clear sentence and exit code 2. */
export class UsageError extends Error {}

/** The function, or AWS, refused: one clear sentence and exit code 1. */
export class RefusedError extends Error {}
