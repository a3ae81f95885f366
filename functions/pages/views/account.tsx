import { FormFrame, Notice, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import type { SessionRow } from '../view.ts';
import { Typed, type Voice } from '../voice.tsx';
import { When } from '../when.tsx';
import type { ViewProps } from './view-props.ts';

/** The portal: who one is, the password, privacy, and every browser that is signed in. */
export function Account({ view, voice }: ViewProps<'account'>) {
  const { say } = voice;
  return (
    <>
      {view.notice !== undefined && <Notice voice={voice} message={view.notice} />}
      <section class="part row">
        <div>
          <h2>{say('account.address')}</h2>
          <p class="small">
            <Typed>{view.email}</Typed>
          </p>
        </div>
        <FormFrame voice={voice} form={view.signOut}>
          <Submit label={say('action.sign-out')} quiet />
        </FormFrame>
      </section>
      <section class="part row">
        <div>
          <h2>{say('account.password')}</h2>
          <p class="small">{say('account.password-text')}</p>
        </div>
        <a class="button quiet" href={safeAddress(view.passwordUrl)}>
          {say('action.change-password')}
        </a>
      </section>
      <section class="part row">
        <div>
          <h2>{say('account.privacy')}</h2>
          <p class="small">{say('account.privacy-text')}</p>
        </div>
        <a
          class="button quiet"
          href={safeAddress(view.privacyUrl)}
          aria-label={`${say('action.to-privacy')}: ${say('account.privacy')}`}
        >
          {say('action.to-privacy')}
        </a>
      </section>
      <Sessions view={view} voice={voice} />
    </>
  );
}

function Sessions({ view, voice }: Omit<ViewProps<'account'>, 'context'>) {
  const { say } = voice;
  return (
    <section class="part">
      <h2>{say('account.sessions')}</h2>
      <p class="small">{say('account.sessions-text')}</p>
      <FormFrame voice={voice} form={view.revoke}>
        <ul class="sessions">
          {view.sessions.map((session) => (
            <Session session={session} voice={voice} />
          ))}
        </ul>
        {view.sessions.some(({ current }) => !current) && (
          <Submit label={say('action.end-other-sessions')} name="session" value="others" quiet />
        )}
      </FormFrame>
    </section>
  );
}

function Session({ session, voice }: { session: SessionRow; voice: Voice }) {
  const { say } = voice;
  const device = session.userAgent ?? say('account.unknown-device');
  return (
    <li class="row">
      <div>
        <p>
          <strong>
            <Typed>{device}</Typed>
          </strong>
          {session.current && <span class="tag">{say('account.this-device')}</span>}
        </p>
        <p class="small">
          <When message="account.last-seen" at={session.lastSeenAt} voice={voice} />
          <br />
          <When message="account.signed-in-at" at={session.createdAt} voice={voice} />
        </p>
      </div>
      {!session.current && (
        <Submit
          label={say('action.end-session')}
          description={say('action.end-session-of', { device })}
          name="session"
          value={session.sessionId}
          quiet
        />
      )}
    </li>
  );
}
