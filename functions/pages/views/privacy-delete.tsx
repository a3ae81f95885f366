import { AccountName, findFirstField } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import type { MessageKey } from '../form-state.ts';
import { safeAddress } from '../links.ts';
import { formatTime } from '../locale.ts';
import { PasswordField } from '../password-field.tsx';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';
import type { ViewProps } from './view-props.ts';

/** What becomes of everything, before it does (GDPR Art. 17). */
export function PrivacyDelete({ view, voice }: ViewProps<'privacy-delete'>) {
  const { form } = view;
  const { say } = voice;
  return (
    <>
      <p class="lede">
        <Begins
          view={view}
          voice={voice}
          message="privacy-delete.lede"
          now="privacy-delete.lede-now"
        />
      </p>
      <Consequences view={view} voice={voice} />
      <div class="apart">
        <FormFrame voice={voice} form={form}>
          {view.asksPassword && (
            <>
              <AccountName email={view.email} />
              <PasswordField
                voice={voice}
                form={form}
                name="password"
                label={say('field.password')}
                focus={form.errors === undefined ? undefined : findFirstField(form, ['password'])}
              />
            </>
          )}
          <Submit label={say('action.delete-account')} />
        </FormFrame>
      </div>
      <div class="ways">
        <p>
          {say('privacy-delete.copy')}{' '}
          <a href={safeAddress(view.copyUrl)}>{say('action.get-copy')}</a>
        </p>
        <p>
          <a href={safeAddress(view.backUrl)}>{say('action.back-to-privacy')}</a>
        </p>
      </div>
    </>
  );
}

function Consequences({ view, voice }: Pick<ViewProps<'privacy-delete'>, 'view' | 'voice'>) {
  const { say, language } = voice;
  const processors = new Intl.ListFormat(language.tag).format(view.processors);
  return (
    <>
      <h2>{say('privacy-delete.happens')}</h2>
      <ul class="points">
        <li>{say('privacy-delete.signed-out')}</li>
        {view.hasGrace && (
          <li>
            {say('privacy-delete.undo', { time: formatTime(view.erasesAt, language, 'long') })}
          </li>
        )}
        <li>{say('privacy-delete.final')}</li>
        {view.processors.length > 0 && <li>{say('privacy-delete.told', { processors })}</li>}
      </ul>
      <h2>{say('privacy-delete.stays')}</h2>
      <ul class="points">
        <li>{say('privacy-delete.certificate')}</li>
        <li>{say('privacy-delete.ledger')}</li>
        <li>{say('privacy-delete.address')}</li>
        {view.keepsConsents && <li>{say('privacy-delete.consents')}</li>}
      </ul>
    </>
  );
}

interface BeginsProps {
  readonly view: {
    readonly erasesAt: number;
    readonly hasGrace: boolean;
    readonly isHeld: boolean;
  };
  readonly voice: Voice;
  readonly message: MessageKey;
  readonly now: MessageKey;
}

/** When it begins; while a legal hold stands, nobody knows the day. */
function Begins({ view, voice, message, now }: BeginsProps) {
  if (view.isHeld) return <>{voice.say('privacy-delete.held')}</>;
  if (!view.hasGrace) return <>{voice.say(now)}</>;
  return <When message={message} at={view.erasesAt} voice={voice} length="long" />;
}

/** Says when, and which way leads back. */
export function AccountLeaving({ view, voice }: ViewProps<'account-leaving'>) {
  const { say } = voice;
  return (
    <>
      <p class="lede">
        <Begins
          view={view}
          voice={voice}
          message="account-leaving.text"
          now="account-leaving.text-now"
        />
      </p>
      {view.hasGrace && <p>{say('account-leaving.undo')}</p>}
      <p class="small">{say('account-leaving.certificate')}</p>
    </>
  );
}
