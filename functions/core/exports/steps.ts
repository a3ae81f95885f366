import type { ProcessorToTell } from '../privacy-requests/processor-steps.ts';

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
      /** Whom to ask. */
      readonly processors?: ReadonlyArray<ProcessorToTell>;
    }
  | { readonly outcome: 'more' }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'pending'; readonly waitSeconds: number }
  | { readonly outcome: 'ready'; readonly until: string };
