/**
 * Every entity of a person's collection (`USER#<sub>`), and what becomes of it when the person asks
 * for their data (GDPR Art. 15, 20) or for its end (Art. 17). A new entity is entered here first:
 * the export refuses, and a test finds, an item that this list does not know.
 */
interface PersonEntity {
  /** The sort key, or what it begins with when it ends in `#`. */
  readonly sortKey: string;
  /** `withheld`: holds nothing that is not told elsewhere in the export; the reason stands beside it. */
  readonly export: 'told' | 'withheld';
  /** `by-policy`: deleted, or kept without the person, as `atErasure` of the privacy policy says. */
  readonly erasure: 'delete' | 'by-policy';
}

export const PERSON_ENTITIES = {
  ACCOUNT: { sortKey: 'ACCOUNT', export: 'told', erasure: 'delete' },
  PASSWORD: { sortKey: 'ACCOUNT#PASSWORD', export: 'told', erasure: 'delete' },
  PRIVACY: { sortKey: 'ACCOUNT#PRIVACY', export: 'told', erasure: 'delete' },
  // Told as records of the audit trail, which is made of them.
  ACT: { sortKey: 'ACT#', export: 'withheld', erasure: 'delete' },
  CONSENT: { sortKey: 'CONSENT#', export: 'told', erasure: 'delete' },
  'CONSENT-EVENT': { sortKey: 'CONSENT-EVENT#', export: 'told', erasure: 'by-policy' },
  GRANT: { sortKey: 'GRANT#', export: 'told', erasure: 'delete' },
  HOLD: { sortKey: 'HOLD#', export: 'told', erasure: 'delete' },
  // Points to the request itself, which is told.
  'PRIVACY-REQUEST': { sortKey: 'PRIVACY-REQUEST#', export: 'withheld', erasure: 'delete' },
  SESSION: { sortKey: 'SESSION#', export: 'told', erasure: 'delete' },
} as const satisfies Readonly<Record<string, PersonEntity>>;

/** Its name, also in certificates of erasure. */
export type PersonEntityName = keyof typeof PERSON_ENTITIES;

/** Those that an export tells of. */
export type ToldEntityName = {
  [Name in PersonEntityName]: (typeof PERSON_ENTITIES)[Name]['export'] extends 'told'
    ? Name
    : never;
}[PersonEntityName];

/** Undefined for what nobody has entered: neither export nor erasure may pass over it in silence. */
export function findPersonEntity(sortKey: string): PersonEntityName | undefined {
  return ENTITIES.find(([, entity]) => matches(entity, sortKey))?.[0];
}

export function isTold(name: PersonEntityName): name is ToldEntityName {
  return PERSON_ENTITIES[name].export === 'told';
}

const ENTITIES = Object.entries(PERSON_ENTITIES) as ReadonlyArray<[PersonEntityName, PersonEntity]>;

function matches({ sortKey: pattern }: PersonEntity, sortKey: string): boolean {
  return pattern.endsWith('#') ? sortKey.startsWith(pattern) : sortKey === pattern;
}
