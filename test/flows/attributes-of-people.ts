import type { PersonEntityName } from '../../functions/adapters/dynamodb/person-items.ts';

interface Attributes {
  /**
   * Ids, hashes, times, states, and words that operators or apps have chosen. A copy of the table
   * tells them, under the person's random id, for as long as it is kept.
   */
  readonly clear: ReadonlyArray<string>;
  /**
   * What the person is, said or used: opens with their data key alone, and dies with it. A part of
   * it that is `clear` is named there by its path.
   */
  readonly personal: ReadonlyArray<string>;
}

/** Of every item: where it is, its shape, when it ends, who did it. */
export const OF_EVERY_ITEM = ['pk', 'sk', 'v', 'expiresAt', 'act'];

/** Every attribute in a person's collection is judged here before it is stored. */
export const ATTRIBUTES_OF_PEOPLE: Readonly<Record<PersonEntityName, Attributes>> = {
  ACCOUNT: {
    clear: [
      ...['status', 'emailVerified', 'terms', 'erasure', 'holds', 'identifier'],
      // The public half can but seal.
      ...['createdAt', 'updatedAt', 'labelKey.public'],
    ],
    personal: ['attributes', 'labelKey'],
  },
  PASSWORD: { clear: ['phc', 'changedAt'], personal: [] },
  PRIVACY: {
    clear: ['choices', 'topics', 'doNotSell', 'changed', 'revision', 'lastAt'],
    personal: [],
  },
  ACT: { clear: [], personal: [] },
  CONSENT: { clear: ['scope', 'grantedAt'], personal: [] },
  'CONSENT-EVENT': {
    clear: [
      ...['kind', 'purposeId', 'state', 'version', 'textHash', 'language', 'page', 'method', 'at'],
      ...['eventId', 'isOn'],
    ],
    personal: [],
  },
  GRANT: {
    clear: [
      ...['state', 'clientId', 'sessionId', 'scope', 'resources', 'redirectUri', 'nonce', 'amr'],
      ...['authTime', 'codeHash', 'codeExpiresAt', 'codeChallenge', 'refreshHash', 'previousHash'],
      ...['previousUntil', 'absoluteExpiresAt'],
    ],
    personal: [],
  },
  HOLD: { clear: ['placedAt', 'placedBy'], personal: ['reason'] },
  'PRIVACY-REQUEST': { clear: ['requestId'], personal: [] },
  SESSION: {
    clear: ['secretHash', 'authTime', 'amr', 'createdAt', 'lastSeenAt', 'absoluteExpiresAt'],
    personal: ['userAgent'],
  },
};
