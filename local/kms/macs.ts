/** GenerateMac and VerifyMac. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../types.ts';
import { blob, keyId, parse } from './input.ts';
import type { KeyStore } from './keys.ts';
import { requireUsage } from './usage.ts';

const macInput = z.object({
  KeyId: keyId,
  Message: blob(4096),
  MacAlgorithm: z.literal('HMAC_SHA_256'),
});

const verifyMacInput = macInput.extend({ Mac: blob(6144) });

export function generateMac(keys: KeyStore, input: unknown) {
  const { KeyId, Message, MacAlgorithm } = parse(macInput, input);
  const key = keys.load(KeyId);
  requireUsage(key, 'GENERATE_VERIFY_MAC', 'GenerateMac');
  const mac = createHmac('sha256', key.material).update(Message).digest('base64');
  return { KeyId: key.arn, Mac: mac, MacAlgorithm };
}

export function verifyMac(keys: KeyStore, input: unknown) {
  const { KeyId, Message, MacAlgorithm, Mac } = parse(verifyMacInput, input);
  const key = keys.load(KeyId);
  requireUsage(key, 'GENERATE_VERIFY_MAC', 'VerifyMac');
  const expected = createHmac('sha256', key.material).update(Message).digest();
  if (Mac.length !== expected.length || !timingSafeEqual(Mac, expected)) {
    throw new AwsError('KMSInvalidMacException', '');
  }
  return { KeyId: key.arn, MacValid: true, MacAlgorithm };
}
