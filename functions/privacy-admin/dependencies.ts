import type { ErasureAsking } from '../browser/erasure-asking.ts';
import type { Act } from '../core/audit/act.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { Ages } from '../core/ports/ages.ts';
import type { Certificates } from '../core/ports/certificates.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { PrivacyRuns } from '../core/ports/erasure-requests.ts';
import type { ExportRequests } from '../core/ports/export-requests.ts';
import type { ExportLinks } from '../core/ports/exports.ts';
import type { Holds } from '../core/ports/holds.ts';
import type { PrivacyChoicesStore } from '../core/ports/privacy-choices.ts';
import type { PrivacyRequestLists, PrivacyRequests } from '../core/ports/privacy-requests.ts';
import type { ProcessorAnswers } from '../core/ports/processor-answers.ts';
import type { Processors, WaitingTasks } from '../core/ports/processors.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import type { HomeOf } from '../http/home-of.ts';

/** What the endpoints of this surface work with; built once per container. */
export interface PrivacyAdmin extends ErasureAsking {
  readonly settings: ErasureAsking['settings'] & {
    /** BCP 47 tag. */
    readonly defaultLanguage: string;
  };
  readonly accessTokens: AccessTokens;
  readonly policy: PrivacyPolicy;
  readonly homeOf: Pick<HomeOf, 'tagged' | 'unreadPerson'>;
  readonly directory: Pick<Directory, 'hash' | 'findHome'>;
  readonly privacyRequests: PrivacyRequests;
  readonly requestLists: PrivacyRequestLists;
  readonly exports: ExportRequests;
  readonly exportRuns: PrivacyRuns;
  readonly exportLinks: ExportLinks;
  readonly holds: Holds;
  readonly ages: Pick<Ages, 'find'>;
  readonly choices: Pick<PrivacyChoicesStore, 'change'>;
  readonly processors: Processors;
  readonly answers: Pick<ProcessorAnswers, 'seal'>;
  readonly certificates: Certificates;
  readonly waitingTasks: WaitingTasks;
  /** For acts that write nothing else. */
  readonly recordAct: (act: Act) => Promise<void>;
}
