import { AccountLede } from '../account-lede.tsx';
import { AddressField } from '../address-field.tsx';
import { findFirstField } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import type { ViewProps } from './view-props.ts';

export function Identify({ view, voice, context }: ViewProps<'identify'>) {
  const { form } = view;
  const { say } = voice;
  return (
    <>
      <AccountLede voice={voice} context={context} />
      <FormFrame voice={voice} form={form} labels={{ email: 'field.email' }}>
        <AddressField voice={voice} form={form} focus={findFirstField(form, ['email'])} />
        <Submit label={say('action.continue')} />
      </FormFrame>
      {view.signUpUrl !== undefined && (
        <div class="ways">
          <p>
            {say('sign-in.no-account')}{' '}
            <a href={safeAddress(view.signUpUrl)}>{say('action.create-account')}</a>
          </p>
        </div>
      )}
    </>
  );
}
