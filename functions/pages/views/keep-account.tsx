import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { formatTime } from '../locale.ts';
import type { ViewProps } from './view-props.ts';

/** Somebody whose account is about to be deleted: whether it should be. */
export function KeepAccount({ view, voice, context }: ViewProps<'keep-account'>) {
  const product = context.productName;
  const time = formatTime(view.erasesAt, voice.language, 'long');
  return (
    <>
      <p class="lede">
        {view.isHeld
          ? voice.say('keep-account.held', { product })
          : voice.say('keep-account.text', { product, time })}
      </p>
      {!view.isHeld && <p>{voice.say('keep-account.until')}</p>}
      <FormFrame voice={voice} form={view.form}>
        <Submit label={voice.say('action.keep-account')} />
      </FormFrame>
      <div class="ways">
        <p>
          {voice.say('keep-account.leave-text')}{' '}
          <a href={safeAddress(view.leaveUrl)}>{voice.say('action.leave-account')}</a>
        </p>
      </div>
    </>
  );
}

export function AccountKept({ view, voice, context }: ViewProps<'account-kept'>) {
  return (
    <>
      <p class="lede">{voice.say('account-kept.text', { product: context.productName })}</p>
      <a class="button" href={safeAddress(view.signInUrl)}>
        {voice.say('action.sign-in')}
      </a>
    </>
  );
}
