import type { Child } from 'hono/jsx';
import type { Message, MessageKey } from './form-state.ts';
import { Layout } from './layout.tsx';
import { chooseLanguage } from './locale.ts';
import type { PrivacyView } from './privacy-views.ts';
import type { PageContext, View } from './view.ts';
import { Account } from './views/account.tsx';
import { Consent } from './views/consent.tsx';
import { ErrorView } from './views/error.tsx';
import { FormPost } from './views/form-post.tsx';
import { Identify } from './views/identify.tsx';
import { AccountKept, KeepAccount } from './views/keep-account.tsx';
import { Password } from './views/password.tsx';
import { Recover } from './views/recover.tsx';
import { RenewConsents } from './views/renew-consents.tsx';
import { Reset } from './views/reset.tsx';
import { SignIn } from './views/sign-in.tsx';
import { SignedOut, SignOut } from './views/sign-out.tsx';
import { SignUp } from './views/sign-up.tsx';
import { SignUpRegion } from './views/sign-up-region.tsx';
import { Verify, VerifyLink } from './views/verify.tsx';
import { createVoice, type Voice } from './voice.tsx';

const TITLES: Readonly<Record<Exclude<View['page'], 'error'>, MessageKey>> = {
  'sign-in': 'sign-in.title',
  identify: 'identify.title',
  'sign-up': 'sign-up.title',
  'sign-up-region': 'sign-up-region.title',
  verify: 'verify.title',
  'verify-link': 'verify-link.title',
  recover: 'recover.title',
  reset: 'reset.title',
  consent: 'consent.title',
  'renew-consents': 'renew-consents.title',
  'keep-account': 'keep-account.title',
  'account-kept': 'account-kept.title',
  'sign-out': 'sign-out.title',
  'signed-out': 'signed-out.title',
  account: 'account.title',
  password: 'password.title',
  export: 'export.title',
  privacy: 'privacy.title',
  'privacy-age': 'privacy-age.title',
  'privacy-history': 'privacy-history.title',
  'privacy-receipt': 'privacy-receipt.title',
  'privacy-export': 'privacy-export.title',
  'privacy-delete': 'privacy-delete.title',
  'account-leaving': 'account-leaving.title',
  'form-post': 'form-post.title',
};

/** With lists that need room. */
const WIDE: ReadonlyArray<View['page']> = ['account', 'privacy', 'privacy-history'];

/** What every view is rendered with. */
interface Common {
  readonly context: PageContext;
  readonly voice: Voice;
}

/** Pages of one surface alone, apart from the others, so that no other surface loads them. */
export interface FurtherPages {
  readonly render: (view: PrivacyView, common: Common) => Child;
  /** Style sheet of those that ask for it. */
  readonly styles: string;
}

/**
 * A complete HTML document. Everything in the view and the context is text, never markup. Throws
 * Error for a page of `further` where there are none.
 */
export function renderPage(view: View, context: PageContext, further?: FurtherPages): string {
  const voice = createVoice(chooseLanguage(context.locales));
  const title: Message = view.page === 'error' ? view.title : { key: TITLES[view.page] };
  const page = (
    <Layout
      voice={voice}
      context={context}
      title={voice.say(title.key, title.values)}
      hasError={hasError(view)}
      wide={WIDE.includes(view.page)}
      furtherStyles={isAboutPrivacy(view) ? further?.styles : undefined}
    >
      {renderView(view, { context, voice }, further)}
    </Layout>
  );
  return `<!doctype html>${page}`;
}

function isAboutPrivacy({ page }: View): boolean {
  return page === 'export' || (page.startsWith('privacy') && page !== 'privacy-age');
}

function requireFurther(further: FurtherPages | undefined, { page }: View): FurtherPages {
  if (further === undefined) throw new Error(`no page ${page} on this surface`);
  return further;
}

function hasError(view: View): boolean {
  if (!('form' in view)) return false;
  return view.form.alert !== undefined || Object.keys(view.form.errors ?? {}).length > 0;
}

function renderView(view: View, common: Common, further: FurtherPages | undefined) {
  switch (view.page) {
    case 'sign-in':
      return <SignIn view={view} {...common} />;
    case 'identify':
      return <Identify view={view} {...common} />;
    case 'sign-up':
      return <SignUp view={view} {...common} />;
    case 'sign-up-region':
      return <SignUpRegion view={view} {...common} />;
    case 'verify':
      return <Verify view={view} {...common} />;
    case 'verify-link':
      return <VerifyLink view={view} {...common} />;
    case 'recover':
      return <Recover view={view} {...common} />;
    case 'reset':
      return <Reset view={view} {...common} />;
    case 'consent':
      return <Consent view={view} {...common} />;
    case 'renew-consents':
      return <RenewConsents view={view} {...common} />;
    case 'keep-account':
      return <KeepAccount view={view} {...common} />;
    case 'account-kept':
      return <AccountKept view={view} {...common} />;
    case 'sign-out':
      return <SignOut view={view} {...common} />;
    case 'signed-out':
      return <SignedOut view={view} {...common} />;
    case 'account':
      return <Account view={view} {...common} />;
    case 'password':
      return <Password view={view} {...common} />;
    case 'form-post':
      return <FormPost view={view} {...common} />;
    case 'error':
      return <ErrorView view={view} {...common} />;
    default:
      return requireFurther(further, view).render(view, common);
  }
}
