import type { MailPurpose } from '../core/challenge.ts';

type PageOfFlow = Readonly<Record<MailPurpose, string>>;

/** Where a sign-up or recovery begins, and begins again when its state is stale. */
export const START_PAGE: PageOfFlow = { 'sign-up': '/sign-up', recovery: '/recover' };

/** Where the mailed code is asked for, and where the mailed link leads. */
export const CODE_PAGE: PageOfFlow = { 'sign-up': '/verify', recovery: '/recover/reset' };
