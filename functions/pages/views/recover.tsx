import { AddressField } from '../address-field.tsx';
import { findFirstField } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import type { ViewProps } from './view-props.ts';

export function Recover({ view, voice }: ViewProps<'recover'>) {
  const { form } = view;
  const { say } = voice;
  return (
    <>
      <p class="lede">{say('recover.text')}</p>
      <FormFrame voice={voice} form={form} labels={{ email: 'field.email' }}>
        <AddressField voice={voice} form={form} focus={findFirstField(form, ['email'])} />
        <Submit label={say('action.send-code')} />
      </FormFrame>
      <div class="ways">
        <p>
          {say('recover.remembered')}{' '}
          <a href={safeAddress(view.signInUrl)}>{say('action.sign-in')}</a>
        </p>
      </div>
    </>
  );
}
