/** Handing a browser from the cell that it came to on to the cell where its person is at home. */
import type { AuthorizationRequest } from './authorization-request.ts';
import type { CellName } from './cells.ts';
import type { SecretHash } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/** Long enough for two redirects, too short for anything else. */
export const HAND_OVER_LIFETIME_SECONDS = 60;

/** Where the person goes on at home. */
export type HandOverPage =
  | 'sign-in'
  | 'sign-up'
  | 'recover'
  /** No page: the request is answered, by a session that is there if there is one. */
  | 'authorize';

/** What one cell tells another by the browser, sealed. */
export interface HandOver {
  /** 128 random bits: it is taken once. */
  readonly id: string;
  readonly to: CellName;
  readonly page: HandOverPage;
  /** Of the browser that it was given to. */
  readonly browser: SecretHash;
  readonly expiresAt: EpochSeconds;
  readonly request?: AuthorizationRequest;
  /** As typed; rests nowhere but in the browser. */
  readonly email?: string;
  /** ISO 3166-1 alpha-2: what led to this home. */
  readonly country?: string;
}

export type HandOverVerdict = 'sound' | 'elsewhere' | 'expired' | 'foreign-browser';

/** All that can be told without a call; that it is taken once is the home cell's to see. */
export function judgeHandOver(
  handOver: Pick<HandOver, 'to' | 'expiresAt' | 'browser'>,
  circumstances: {
    readonly own: CellName;
    readonly browser: SecretHash | undefined;
    readonly now: EpochSeconds;
  },
): HandOverVerdict {
  if (handOver.to !== circumstances.own) return 'elsewhere';
  if (handOver.expiresAt <= circumstances.now) return 'expired';
  return handOver.browser === circumstances.browser ? 'sound' : 'foreign-browser';
}
