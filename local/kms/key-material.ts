/** Key material: node:crypto keys, as KMS generates them. */
import {
  createPrivateKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';

export type KeySpec = 'SYMMETRIC_DEFAULT' | 'RSA_2048' | 'ECC_NIST_P256' | 'HMAC_256';

export const KEY_SPECS: ReadonlyArray<KeySpec> = [
  'SYMMETRIC_DEFAULT',
  'RSA_2048',
  'ECC_NIST_P256',
  'HMAC_256',
];

const generatePair = promisify(generateKeyPair);

/** RSA takes a while: make several at the same time. */
export async function generateKey(spec: KeySpec): Promise<KeyObject> {
  switch (spec) {
    case 'RSA_2048':
      return (await generatePair('rsa', { modulusLength: 2048 })).privateKey;
    case 'ECC_NIST_P256':
      return (await generatePair('ec', { namedCurve: 'P-256' })).privateKey;
    default:
      return createSecretKey(randomBytes(32));
  }
}

/** Base64, of PKCS #8 in DER for key pairs. */
export function exportKey(key: KeyObject): string {
  const bytes = key.type === 'secret' ? key.export() : key.export({ type: 'pkcs8', format: 'der' });
  return bytes.toString('base64');
}

export function importKey(spec: KeySpec, material: string): KeyObject {
  const bytes = Buffer.from(material, 'base64');
  return spec === 'SYMMETRIC_DEFAULT' || spec === 'HMAC_256'
    ? createSecretKey(bytes)
    : createPrivateKey({ key: bytes, type: 'pkcs8', format: 'der' });
}
