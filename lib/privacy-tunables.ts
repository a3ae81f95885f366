import type { WholeNumber } from './parameter-spec.ts';
import type { Surface } from './surfaces.ts';

type PrivacyTunable = WholeNumber & { readonly surfaces: ReadonlyArray<Surface> };

/** Who begins a request, and says when it is carried out. */
const ASKING: ReadonlyArray<Surface> = ['privacy', 'privacy-admin'];

/** What operators tune about consent, export, erasure and audit. */
export const PRIVACY_TUNABLE_SPECS = {
  erasureGraceDays: {
    group: 'Privacy',
    type: 'number',
    default: 14,
    min: 0,
    max: 30,
    description:
      'Days that an account stays, signed out everywhere, before it is erased: until then its owner can keep it.',
    surfaces: ASKING,
  },
  identifierQuarantineDays: {
    group: 'Privacy',
    type: 'number',
    default: 30,
    min: 0,
    // With the grace period and the processors' deadline < 365, the longest that a workflow runs.
    max: 300,
    description: 'Days after an erasure during which nobody can sign up with its e-mail address.',
    surfaces: ['erasure'],
  },
  processorDeadlineDays: {
    group: 'Privacy',
    type: 'number',
    default: 14,
    min: 1,
    max: 25,
    description:
      'Days that processors have to acknowledge a request. You have a month in all (GDPR Art. 12).',
    surfaces: ['export', 'erasure'],
  },
  processorReminderHours: {
    group: 'Privacy',
    type: 'number',
    default: 24,
    min: 1,
    max: 168,
    description: 'Hours after which processors that have not acknowledged are told again.',
    surfaces: ['export', 'erasure'],
  },
  exportLinkDays: {
    group: 'Privacy',
    type: 'number',
    default: 7,
    min: 1,
    max: 30,
    description: 'Days that a finished export can be downloaded; then its files are deleted.',
    surfaces: ['export'],
  },
  auditRetentionDays: {
    group: 'Privacy',
    type: 'number',
    default: 730,
    min: 1,
    max: 3650,
    description: 'Days that audit records are kept in the table.',
    surfaces: ['events', 'audit'],
  },
  privacyRequestConcurrency: {
    group: 'Privacy',
    type: 'number',
    default: 10,
    min: 1,
    max: 1000,
    description:
      'Exports, and erasures, that are worked on at the same time: further ones wait, so that signing in keeps its capacity.',
    surfaces: ['export', 'erasure'],
  },
  freshSignInMinutes: {
    group: 'Privacy',
    type: 'number',
    default: 10,
    min: 1,
    max: 60,
    description:
      'Minutes after a sign-in within which data can be downloaded and an account be erased; later the password is asked for again.',
    surfaces: ['privacy'],
  },
} as const satisfies Readonly<Record<string, PrivacyTunable>>;
