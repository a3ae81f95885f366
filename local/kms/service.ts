import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type AwsService, type Principal } from '../types.ts';
import { authorizationsOf } from './authorizations.ts';
import {
  decrypt,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
} from './encryption.ts';
import { parse } from './input.ts';
import { createKey, replicateKey } from './key-creation.ts';
import { describeKey } from './key-descriptions.ts';
import { disableKey, enableKey, scheduleKeyDeletion } from './key-lifecycle.ts';
import { listKeys } from './key-list.ts';
import { listResourceTags, tagResource } from './key-tags.ts';
import type { KeyStore } from './keys.ts';
import { generateMac, verifyMac } from './macs.ts';
import { getPublicKey, sign, verify } from './signatures.ts';
import type { KeyVault } from './vault.ts';

type Operation = (keys: KeyStore, input: unknown, caller: Principal) => object | Promise<object>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateKey: createKey,
  Decrypt: decrypt,
  DescribeKey: describeKey,
  DisableKey: disableKey,
  EnableKey: enableKey,
  Encrypt: encrypt,
  GenerateDataKey: generateDataKey,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
  GenerateMac: generateMac,
  GenerateRandom: (_, input) => generateRandom(input),
  GetPublicKey: getPublicKey,
  ListKeys: listKeys,
  ListResourceTags: listResourceTags,
  ReplicateKey: replicateKey,
  ScheduleKeyDeletion: scheduleKeyDeletion,
  Sign: sign,
  TagResource: tagResource,
  Verify: verify,
  VerifyMac: verifyMac,
};

/** KMS of one region (JSON protocol, target `TrentService`): real cryptography on the vault's keys. */
export function createKmsService(vault: KeyVault, region: string): AwsService {
  const keys = vault.inRegion(region);
  return {
    authorizations: ({ operation, input }) => authorizationsOf(keys, operation, input),
    async handle({ operation, input, principal }) {
      const perform = OPERATIONS[operation];
      if (!perform) {
        throw new AwsError('UnsupportedOperationException', `${operation} is not emulated locally`);
      }
      const body = JSON.stringify(await perform(keys, input, principal));
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
    },
  };
}

const randomInput = z.object({ NumberOfBytes: z.int().min(1).max(1024) });

function generateRandom(input: unknown) {
  const { NumberOfBytes } = parse(randomInput, input);
  return { Plaintext: randomBytes(NumberOfBytes).toString('base64') };
}
