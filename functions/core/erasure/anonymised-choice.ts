/**
 * What is kept of a consent's history where the operator's policy says `anonymise`: that somebody
 * was shown these words and chose this, in that month. No id, no moment and no `sub` by which it
 * could be joined with a person again.
 */
export interface AnonymisedChoice {
  readonly purposeId: string;
  readonly state: string;
  readonly version: string;
  readonly textHash: string;
  readonly language: string;
  readonly page: string;
  readonly method: string;
  /** `2026-11`. */
  readonly month: string;
}

/** Of a choice as stored, whatever else stands beside; `at` is ISO 8601. */
export function anonymiseChoice(
  stored: Readonly<Record<string, unknown>>,
  at: string,
): AnonymisedChoice {
  const text = (name: string) => (typeof stored[name] === 'string' ? stored[name] : '');
  return {
    purposeId: text('purposeId'),
    state: text('state'),
    version: text('version'),
    textHash: text('textHash'),
    language: text('language'),
    page: text('page'),
    method: text('method'),
    month: at.slice(0, 7),
  };
}
