import type { ExportStep } from '../core/exports/steps.ts';
import { admit, releaseSlot } from './admit.ts';
import { assemble } from './assemble.ts';
import { begin } from './begin.ts';
import { collect, collectAnswers, collectElsewhere } from './collect.ts';
import { expire } from './expire.ts';
import { notify } from './notify.ts';
import { listProcessors } from './processors.ts';
import type { ExportState } from './state.ts';

export const STATES: Readonly<Record<ExportStep, ExportState>> = {
  begin,
  admit,
  collect,
  'collect-elsewhere': collectElsewhere,
  'release-slot': releaseSlot,
  'list-processors': listProcessors,
  'collect-answers': collectAnswers,
  assemble,
  notify,
  expire,
};
