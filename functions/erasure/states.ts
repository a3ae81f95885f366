import type { ErasureStep } from '../core/erasure/steps.ts';
import { admit, releaseSlot } from './admit.ts';
import { begin } from './begin.ts';
import { certify } from './certify.ts';
import { commit } from './commit.ts';
import { destroyKey } from './destroy-key.ts';
import { countItems, deleteItems } from './items.ts';
import { notify } from './notify.ts';
import { prepare } from './prepare.ts';
import { listProcessors } from './processors.ts';
import { awaitQuarantine, quarantine, releaseIdentifier } from './quarantine.ts';
import { record } from './record.ts';
import { startAnother } from './start-another.ts';
import type { State } from './state.ts';

/** Each can be repeated and goes on where it was cut off. */
export const STATES: Readonly<Record<ErasureStep, State>> = {
  begin,
  commit,
  admit,
  record,
  prepare,
  'destroy-key': destroyKey,
  'count-items': countItems,
  'delete-items': deleteItems,
  'release-slot': releaseSlot,
  quarantine,
  'list-processors': listProcessors,
  certify,
  notify,
  'await-quarantine': awaitQuarantine,
  'release-identifier': releaseIdentifier,
  continue: startAnother,
};
