import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID } from '../template/physical-ids.ts';

/** An event as rules match it and targets get it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: ReadonlyArray<string>;
  readonly detail: unknown;
}

export function createEvent(
  told: Pick<BusEvent, 'detail-type' | 'source' | 'region' | 'resources' | 'detail'>,
  nowMs: number,
): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    account: ACCOUNT_ID,
    time: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    ...told,
  };
}
