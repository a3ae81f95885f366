/** Key material: node:crypto keys, random per start unless a data directory keeps them. */
import {
  createPrivateKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { DeployedResource } from '../types.ts';

export type KeySpec = 'SYMMETRIC_DEFAULT' | 'RSA_2048' | 'ECC_NIST_P256' | 'HMAC_256';

export const KEY_SPECS: ReadonlyArray<KeySpec> = [
  'SYMMETRIC_DEFAULT',
  'RSA_2048',
  'ECC_NIST_P256',
  'HMAC_256',
];

const generatePair = promisify(generateKeyPair);
const storedKeys = z.record(z.string(), z.object({ spec: z.string(), material: z.base64() }));

type StoredKeys = z.infer<typeof storedKeys>;

/** One key object per key id; RSA generation is slow, so all are made at the same time. */
export async function openKeyMaterial(
  keys: ReadonlyArray<{ keyId: string; spec: KeySpec }>,
  dataDirectory: string | undefined,
): Promise<ReadonlyMap<string, KeyObject>> {
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, 'kms-keys.json');
  const stored = file === undefined ? {} : await readStored(file);
  const opened = await Promise.all(
    keys.map(async ({ keyId, spec }) => {
      const known = stored[keyId];
      const key = known?.spec === spec ? importKey(spec, known.material) : await generate(spec);
      return { keyId, spec, key };
    }),
  );
  if (file !== undefined && dataDirectory !== undefined) {
    await mkdir(dataDirectory, { recursive: true });
    const own = opened.map(({ keyId, spec, key }) => [keyId, { spec, material: exportKey(key) }]);
    await writeStored(file, { ...stored, ...Object.fromEntries(own) });
  }
  return new Map(opened.map(({ keyId, key }) => [keyId, key]));
}

/** `KeySpec` of an `AWS::KMS::Key`; throws for one that is not emulated. */
export function keySpecOf(resource: DeployedResource): KeySpec {
  const wanted = resource.properties['KeySpec'] ?? 'SYMMETRIC_DEFAULT';
  const spec = KEY_SPECS.find((one) => one === wanted);
  if (spec) return spec;
  throw new Error(`${resource.logicalId}: KeySpec ${wanted} is not emulated locally`);
}

async function generate(spec: KeySpec): Promise<KeyObject> {
  switch (spec) {
    case 'RSA_2048':
      return (await generatePair('rsa', { modulusLength: 2048 })).privateKey;
    case 'ECC_NIST_P256':
      return (await generatePair('ec', { namedCurve: 'P-256' })).privateKey;
    default:
      return createSecretKey(randomBytes(32));
  }
}

function exportKey(key: KeyObject): string {
  const bytes = key.type === 'secret' ? key.export() : key.export({ type: 'pkcs8', format: 'der' });
  return bytes.toString('base64');
}

function importKey(spec: KeySpec, material: string): KeyObject {
  const bytes = Buffer.from(material, 'base64');
  return spec === 'SYMMETRIC_DEFAULT' || spec === 'HMAC_256'
    ? createSecretKey(bytes)
    : createPrivateKey({ key: bytes, type: 'pkcs8', format: 'der' });
}

async function readStored(file: string): Promise<StoredKeys> {
  try {
    return storedKeys.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${file} does not hold KMS keys`, { cause: error });
  }
}

/** Readable by the owner alone, also when the file was there before. */
async function writeStored(file: string, keys: StoredKeys): Promise<void> {
  await writeFile(file, JSON.stringify(keys, undefined, 2), { mode: 0o600 });
  await chmod(file, 0o600);
}
