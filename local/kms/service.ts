import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type AwsService, type DeployedResource } from '../types.ts';
import { authorizationsOf } from './authorizations.ts';
import {
  decrypt,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
} from './encryption.ts';
import { keyId, parse } from './input.ts';
import { type KeyStore, openKeys } from './keys.ts';
import { generateMac, verifyMac } from './macs.ts';
import { getPublicKey, SIGNING_ALGORITHMS, sign, verify } from './signatures.ts';

export interface KmsOptions {
  readonly region: string;
  readonly account: string;
  /** `AWS::KMS::Key` and `AWS::KMS::Alias` of this region. */
  readonly resources: ReadonlyArray<DeployedResource>;
  /** Where key material is kept over restarts, readable by its owner alone; in memory without it. */
  readonly dataDirectory?: string;
}

type Operation = (keys: KeyStore, input: unknown) => object;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Encrypt: encrypt,
  Decrypt: decrypt,
  GenerateDataKey: generateDataKey,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
  GenerateRandom: (_, input) => generateRandom(input),
  Sign: sign,
  Verify: verify,
  GetPublicKey: getPublicKey,
  DescribeKey: describeKey,
  GenerateMac: generateMac,
  VerifyMac: verifyMac,
};

/** KMS of one region (JSON protocol, target `TrentService`): real cryptography on the template's keys. */
export async function createKmsService(options: KmsOptions): Promise<AwsService> {
  const { region, account, resources, dataDirectory } = options;
  const keys = await openKeys({ region, account, resources, dataDirectory });
  return {
    authorizations: ({ operation, input }) => authorizationsOf(keys, account, operation, input),
    async handle({ operation, input }) {
      const perform = OPERATIONS[operation];
      if (!perform) {
        throw new AwsError('UnsupportedOperationException', `${operation} is not emulated locally`);
      }
      const body = JSON.stringify(perform(keys, input));
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
    },
  };
}

const randomInput = z.object({ NumberOfBytes: z.int().min(1).max(1024) });
const describeInput = z.object({ KeyId: keyId });

function generateRandom(input: unknown) {
  const { NumberOfBytes } = parse(randomInput, input);
  return { Plaintext: randomBytes(NumberOfBytes).toString('base64') };
}

/** Answers for disabled keys too. */
function describeKey(keys: KeyStore, input: unknown) {
  const reference = parse(describeInput, input).KeyId;
  const key = keys.find(reference) ?? keys.load(reference);
  return {
    KeyMetadata: {
      KeyId: key.keyId,
      Arn: key.arn,
      Description: key.description,
      Enabled: key.enabled,
      KeyState: key.enabled ? 'Enabled' : 'Disabled',
      KeyManager: 'CUSTOMER',
      KeySpec: key.spec,
      KeyUsage: key.usage,
      MultiRegion: key.multiRegion,
      Origin: 'AWS_KMS',
      ...(key.usage === 'SIGN_VERIFY' && { SigningAlgorithms: SIGNING_ALGORITHMS[key.spec] }),
      ...(key.usage === 'ENCRYPT_DECRYPT' && { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
      ...(key.usage === 'GENERATE_VERIFY_MAC' && { MacAlgorithms: ['HMAC_SHA_256'] }),
    },
  };
}
