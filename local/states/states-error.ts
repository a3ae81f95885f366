/** An error of a state, by the name that `Retry` and `Catch` match (ASL "Errors"). */
export class StatesError extends Error {
  readonly error: string;
  /** Absent where AWS gives none. */
  readonly reason: string | undefined;

  constructor(error: string, reason?: string) {
    super(reason === undefined ? error : `${error}: ${reason}`);
    this.name = 'StatesError';
    this.error = error;
    this.reason = reason;
  }
}

/** The execution was stopped, or the local cloud ends: nothing may be recorded any more. */
export class Halted extends Error {
  constructor() {
    super('the execution was halted');
    this.name = 'Halted';
  }
}
