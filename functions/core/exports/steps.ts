/** What the function `export` does for the state machine `domicile-export`, a state each. */
export const EXPORT_STEPS = [
  'begin',
  'admit',
  'collect',
  'collect-elsewhere',
  'release-slot',
  'list-processors',
  'collect-answers',
  'assemble',
  'notify',
  'expire',
] as const;

export type ExportStep = (typeof EXPORT_STEPS)[number];

/**
 * What the machine decides by. `absent`: nothing was asked for after all. `gone`: there is nobody
 * any more whose export it could be, so that nothing of it may stay. Times are ISO 8601, as the
 * machine's waits take them.
 */
export type ExportOutput =
  | {
      readonly outcome: 'done';
      /** Whom to ask, for a Map state. */
      readonly processors?: ReadonlyArray<{
        readonly processorId: string;
        readonly reminderSeconds: number;
      }>;
    }
  | { readonly outcome: 'more' }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'pending'; readonly waitSeconds: number }
  | { readonly outcome: 'ready'; readonly until: string };

/** About one processor, as a Map state goes through them. */
export interface ProcessorInput {
  readonly step: 'remind';
  readonly requestId: string;
  readonly processorId: string;
}

/** The state waits for `taskToken` to be answered. */
export interface AskInput {
  readonly step: 'tell-processor';
  readonly requestId: string;
  readonly processorId: string;
  readonly taskToken: string;
}
