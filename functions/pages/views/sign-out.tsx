import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import type { ViewProps } from './view-props.ts';

/** Asked when no client vouches for the wish (RP-Initiated Logout 1.0 §2). */
export function SignOut({ view, voice, context }: ViewProps<'sign-out'>) {
  return (
    <>
      <p class="lede">{voice.say('sign-out.text', { product: context.productName })}</p>
      <FormFrame voice={voice} form={view.form}>
        <Submit label={voice.say('action.sign-out')} />
      </FormFrame>
    </>
  );
}

export function SignedOut({ view, voice }: ViewProps<'signed-out'>) {
  return (
    <>
      <p class="lede">{voice.say('signed-out.text')}</p>
      {view.continueUrl !== undefined && (
        <a class="button" href={safeAddress(view.continueUrl)}>
          {voice.say('action.continue')}
        </a>
      )}
    </>
  );
}
