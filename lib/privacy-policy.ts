import type { PrivacyPolicy, Purpose } from '../functions/core/privacy-policy.ts';
import { describeIssue, parseJsonText } from './context-values.ts';
import { PrivacyContextSchema } from './privacy-context.ts';

/** Read whole at every cold start of the functions that know it. */
const MAX_BYTES = 64 * 1024;

/** Of digital consent where no country's own is given: the GDPR's (Art. 8(1)). */
const USUAL_AGE = 16;

/** A policy that cannot be followed. The message names the value and what would be accepted. */
export class PrivacyPolicyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PrivacyPolicyError';
  }
}

/** Reads what personal data is processed for from CDK context `privacy`. Throws PrivacyPolicyError. */
export function parsePrivacyPolicy(context: unknown): PrivacyPolicy {
  const given = parseJsonText(context);
  const parsed = PrivacyContextSchema.safeParse(given);
  if (!parsed.success) {
    throw new PrivacyPolicyError(describeIssue(prefixed(parsed.error), { privacy: given }));
  }
  const { purposes, consentAges, ...rest } = parsed.data;
  const policy: PrivacyPolicy = {
    ...rest,
    purposes: purposes.map(({ versions, ...purpose }, index) => ({
      ...purpose,
      versions: requireSome(versions, index),
    })),
    consentAges: { default: USUAL_AGE, ...consentAges },
  };
  requireDistinct('purposes', idsOf(policy.purposes));
  requireDistinct('processors', idsOf(policy.processors));
  requireDistinct('topics', idsOf(policy.topics));
  for (const purpose of policy.purposes) requireSense(purpose, policy);
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  if (bytes > MAX_BYTES) {
    throw new PrivacyPolicyError(
      `context "privacy" has ${bytes} bytes: expected ${MAX_BYTES} at most`,
    );
  }
  return policy;
}

/** Paths begin at the context's key. */
function prefixed<Failure extends { issues: Array<{ path: Array<PropertyKey> }> }>(
  error: Failure,
): Failure {
  for (const issue of error.issues) issue.path.unshift('privacy');
  return error;
}

/** What no schema of one value can say. */
function requireSense(
  { id, basis, versions, ...purpose }: Purpose,
  { processors }: PrivacyPolicy,
): void {
  const place = `context "privacy.purposes" says of ${id}`;
  requireDistinct(
    `purposes" of "${id}`,
    versions.map(({ version }) => version),
  );
  const known = idsOf(processors);
  const unknown = purpose.processors.find((processor) => !known.includes(processor));
  if (unknown !== undefined) {
    throw new PrivacyPolicyError(
      `${place} that ${unknown} processes it, which is none of the processors: ${known.join(', ')}`,
    );
  }
  // Only consent is ever asked for (GDPR Art. 6(1)(a)), and needs a parent's for the young (Art. 8).
  for (const flag of ['isAskedAtSignUp', 'isForAdults'] as const) {
    if (purpose[flag] && basis !== 'consent') {
      throw new PrivacyPolicyError(
        `${place} "${flag}", which is for the basis consent, not ${basis}`,
      );
    }
  }
  // Sign-up takes no date of birth, so that nobody's age is known there.
  if (purpose.isAskedAtSignUp && purpose.isForAdults) {
    throw new PrivacyPolicyError(
      `${place} "isAskedAtSignUp" and "isForAdults": sign-up does not know how old somebody is, so that it can ask for one or the other`,
    );
  }
  if (purpose.isSaleOrShare && basis !== 'consent' && basis !== 'legitimate-interests') {
    throw new PrivacyPolicyError(
      `${place} "isSaleOrShare", which one must be able to refuse: not with the basis ${basis}`,
    );
  }
}

function requireDistinct(where: string, ids: ReadonlyArray<string>): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new PrivacyPolicyError(`context "privacy.${where}" names ${twice} twice`);
  }
}

function requireSome(
  [first, ...others]: ReadonlyArray<Purpose['versions'][number]>,
  index: number,
): Purpose['versions'] {
  if (first === undefined) {
    throw new PrivacyPolicyError(`context "privacy.purposes[${index}].versions" is empty`);
  }
  return [first, ...others];
}

function idsOf(named: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> {
  return named.map(({ id }) => id);
}
