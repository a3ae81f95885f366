/** What the workflows of exports and of erasures send about one processor of many. */

/** Whom to tell, for a Map state. */
export interface ProcessorToTell {
  readonly processorId: string;
  /** How long its first task waits. */
  readonly reminderSeconds: number;
}

/** The state waits for `taskToken` to be answered. */
export interface TellInput {
  readonly step: 'tell-processor';
  readonly requestId: string;
  readonly processorId: string;
  readonly taskToken: string;
}

/** After that state's timeout. */
export interface RemindInput {
  readonly step: 'remind';
  readonly requestId: string;
  readonly processorId: string;
}
