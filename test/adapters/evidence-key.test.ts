import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVIDENCE_KEY } from '../../functions/adapters/dynamodb/evidence-key-items.ts';
import { createEvidenceKeys } from '../../functions/adapters/dynamodb/evidence-keys.ts';
import { createEvidenceSigner } from '../../functions/adapters/kms/evidence-signer.ts';
import { createRegionalKeys } from '../../functions/adapters/kms/regional-keys.ts';
import type { EvidenceType } from '../../functions/core/ports/evidence-signer.ts';
import { ensureEvidenceKey } from '../../functions/deployment/evidence-key.ts';
import { declared, openKms, PRIMARY, REPLICA, type TestKms } from '../local/kms-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const EVIDENCE = 'mrk-evidence';
const OTHER = 'mrk-other';
const signing = (id: string) =>
  declared(PRIMARY, id, {
    ...{ MultiRegion: true, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    Tags: [{ Key: 'domicile:purpose', Value: 'evidence' }],
  });

let local: LocalDynamo;
let kms: TestKms;

beforeAll(async () => {
  local = await startLocalDynamo();
  kms = await openKms(undefined, [signing(EVIDENCE), signing(OTHER)]);
});
afterAll(async () => {
  await kms?.close();
  await local?.close();
});
beforeEach(forget);

async function forget(): Promise<void> {
  await local.dynamo.send(new DeleteItemCommand({ TableName: local.table, Key: EVIDENCE_KEY }));
}

async function stored() {
  const read = new GetItemCommand({ TableName: local.table, Key: EVIDENCE_KEY });
  return (await local.dynamo.send(read)).Item;
}

function ensure(keyId = EVIDENCE) {
  return ensureEvidenceKey({
    ...{ dynamo: local.dynamo, directoryTable: local.table },
    keyArn: `arn:aws:kms:${PRIMARY}:111122223333:key/${keyId}`,
    regionalKeys: createRegionalKeys({
      primaryRegion: PRIMARY,
      regions: [PRIMARY, REPLICA],
      clientOf: (region) => kms.client(region === REPLICA ? REPLICA : PRIMARY),
    }),
  });
}

/** As one container of a region has them. */
function parts(region: typeof PRIMARY | typeof REPLICA = PRIMARY) {
  const evidenceKeys = createEvidenceKeys({ dynamo: local.dynamo, directoryTable: local.table });
  const signer = createEvidenceSigner({ kms: kms.client(region), evidenceKeys });
  return { evidenceKeys, signer };
}

describe('evidence', () => {
  it.each([
    [PRIMARY, 'erasure-certificate+jwt'],
    [REPLICA, 'audit-root+jwt'],
    [REPLICA, 'consent-receipt+jwt'],
  ] as const)('signed in %s as %s verifies by the published key', async (region, typ) => {
    await ensure();
    const { signer, evidenceKeys } = parts(region);
    const jws = await signer.sign(typ satisfies EvidenceType, { iss: 'https://id.example', n: 1 });
    const { payload, protectedHeader } = await jwtVerify(
      jws,
      createLocalJWKSet({ keys: [...(await evidenceKeys.jwks()).keys] }),
      { typ, algorithms: ['ES256'] },
    );
    expect(payload).toEqual({ iss: 'https://id.example', n: 1 });
    const [jwk = { kty: '' }] = (await evidenceKeys.jwks()).keys;
    expect(protectedHeader.kid).toBe(await calculateJwkThumbprint(jwk));
  });

  it('does not verify once a word of it was changed', async () => {
    await ensure();
    const { signer, evidenceKeys } = parts();
    const [header, , signature] = (
      await signer.sign('erasure-certificate+jwt', { deleted: 7 })
    ).split('.');
    const forged = Buffer.from(JSON.stringify({ deleted: 8 })).toString('base64url');
    const keys = createLocalJWKSet({ keys: [...(await evidenceKeys.jwks()).keys] });
    await expect(jwtVerify(`${header}.${forged}.${signature}`, keys)).rejects.toThrow('signature');
  });

  it('cannot be signed before its key has reached the region, and can at once when it has', async () => {
    const { signer } = parts();
    await expect(signer.sign('audit-root+jwt', {})).rejects.toThrow('evidence key');
    await ensure();
    expect(decodeProtectedHeader(await signer.sign('audit-root+jwt', {})).alg).toBe('ES256');
  });
});

describe('the evidence key', () => {
  it('is written down once, whoever deploys again or at the same time', async () => {
    const outcomes = await Promise.all([ensure(), ensure()]);
    expect(outcomes.toSorted()).toEqual(['created', 'kept']);
    const before = await stored();
    expect(await ensure()).toBe('kept');
    expect(await stored()).toEqual(before);
  });

  it('is read once per container', async () => {
    await ensure();
    const { evidenceKeys } = parts();
    const first = await evidenceKeys.load();
    await forget();
    expect(await evidenceKeys.load()).toBe(first);
  });

  it('of another deployment fails this one and names both: what was signed must stay true', async () => {
    await ensure(OTHER);
    await expect(ensure()).rejects.toThrow(/by mrk-other, .* with mrk-evidence:/);
    expect((await parts().evidenceKeys.load()).keyId).toBe(OTHER);
  });
});
