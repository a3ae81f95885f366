import { readFileSync } from 'node:fs';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';

/**
 * What the deployment processes personal data for: written beside the bundle at synthesis, which
 * has checked every word of it. Read once, when the container starts.
 */
export function readPrivacyPolicy(file: string): PrivacyPolicy {
  return JSON.parse(readFileSync(file, 'utf8'));
}
