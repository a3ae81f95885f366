import type { Certificate } from './verify.ts';

/** A certificate in plain words, once it is verified. */
export function describe(certificate: Certificate, isIssuerGiven: boolean): string {
  const { iss, jti, iat, sub, erasure } = certificate;
  const { deleted, key, directory, processors, kept } = erasure;
  return [
    'VALID: the signature is right, and nothing was changed since.',
    '',
    `  signed by      ${iss}, on ${time(iat * 1000)}`,
    `  certificate    ${jti}`,
    `  account        ${sub}`,
    `  asked for      ${time(erasure.requestedAt)}, by ${requester(erasure.requestedBy)}`,
    `  closed         ${time(erasure.closedAt)}, beyond return`,
    `  deleted        ${itemsOf(deleted.items)}`,
    `                 from ${deleted.table} in ${deleted.region}, by ${time(deleted.completedAt)}`,
    `  key destroyed  ${time(key.destroyedAt)}`,
    `  unreadable     the profile, from ${time(key.unreadableFrom)}, backups included`,
    `  address        its hash is kept until ${time(directory.hashOfAddressKeptUntil)}`,
    ...listed(
      'processors',
      processors.map((one) => `${one.name} (${one.country}): ${answerOf(one)}`),
    ),
    ...listed(
      'kept',
      kept.map(({ what, why }) => `${what} (${why})`),
    ),
    ...(isIssuerGiven ? [] : ['', trustOf(iss)]),
  ].join('\n');
}

/** Whoever forges a certificate may also name an issuer of their own. */
function trustOf(issuer: string): string {
  return `It says itself who signed it. Make sure that ${issuer} is whom you gave your data to, or add --issuer.`;
}

function requester(by: Certificate['erasure']['requestedBy']): string {
  return by === 'person' ? 'the person' : 'an administrator on their behalf';
}

function answerOf(one: Certificate['erasure']['processors'][number]): string {
  if (one.acknowledgedAt !== undefined) return `deleted it, said so on ${time(one.acknowledgedAt)}`;
  if (one.overdueSince !== undefined)
    return `has not answered, overdue since ${time(one.overdueSince)}`;
  return 'was told';
}

function itemsOf(items: Readonly<Record<string, number>>): string {
  const parts = Object.entries(items).map(([entity, count]) => `${count} ${entity}`);
  return parts.length === 0 ? 'nothing was left' : parts.join(', ');
}

function listed(name: string, lines: ReadonlyArray<string>): ReadonlyArray<string> {
  if (lines.length === 0) return [`  ${name.padEnd(14)} none`];
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(14)} ${line}`);
}

function time(at: string | number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
