import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { z } from 'zod';

/** What the signature does not bear out; one sentence. */
export class NotProvenError extends Error {}

const Keys = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

const Time = z.iso.datetime();

/** Claims of a certificate; more of them may follow. */
const Claims = z.looseObject({
  iss: z.url(),
  jti: z.string(),
  iat: z.int(),
  sub: z.string(),
  erasure: z.looseObject({
    requestedAt: Time,
    requestedBy: z.enum(['person', 'administrator']),
    closedAt: Time,
    deleted: z.looseObject({
      region: z.string(),
      table: z.string(),
      items: z.record(z.string(), z.int().nonnegative()),
      completedAt: Time,
    }),
    key: z.looseObject({ destroyedAt: Time, unreadableFrom: Time }),
    directory: z.looseObject({ hashOfAddressKeptUntil: Time }),
    processors: z.array(
      z.looseObject({
        name: z.string(),
        country: z.string(),
        acknowledgedAt: Time.optional(),
        overdueSince: Time.optional(),
      }),
    ),
    kept: z.array(z.looseObject({ what: z.string(), why: z.string() })),
  }),
});

export type Certificate = z.infer<typeof Claims>;

/** Who says to have signed it. Nothing is proved by that. Throws NotProvenError. */
export function readIssuer(jws: string): string {
  try {
    const { iss } = decodeJwt(jws);
    if (iss !== undefined && URL.canParse(iss)) return iss;
  } catch {
    // Falls through: it is no JWS at all.
  }
  throw new NotProvenError('this is no certificate: it is not signed, or was cut off');
}

/** Signature, kind, issuer and shape (RFC 7515 §5.2, RFC 8725 §3). Throws NotProvenError. */
export async function verifyCertificate(
  jws: string,
  issuer: string,
  keys: unknown,
): Promise<Certificate> {
  const parsed = Keys.safeParse(keys);
  if (!parsed.success) throw new NotProvenError(`${issuer} publishes no evidence keys`);
  try {
    const { payload } = await jwtVerify(jws, createLocalJWKSet(parsed.data), {
      issuer,
      typ: 'erasure-certificate+jwt',
      algorithms: ['ES256'],
    });
    return Claims.parse(payload);
  } catch (error) {
    throw new NotProvenError(explain(error, issuer));
  }
}

function explain(error: unknown, issuer: string): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'the signature is wrong: it was changed, or somebody else signed it';
  }
  if (error instanceof errors.JWKSNoMatchingKey) return `it was not signed by a key of ${issuer}`;
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `it is no certificate of erasure of ${issuer}`;
  }
  if (error instanceof z.ZodError) return 'it is signed, but does not say what a certificate says';
  return 'it is no certificate of erasure';
}
