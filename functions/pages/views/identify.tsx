import { Field, findFirstField } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import type { ViewProps } from './view-props.ts';

export function Identify({ view, voice, context }: ViewProps<'identify'>) {
  const { form } = view;
  const { say } = voice;
  return (
    <>
      {context.client !== undefined && context.client.name !== context.productName && (
        <p class="lede">{say('sign-in.account', { product: context.productName })}</p>
      )}
      <FormFrame voice={voice} form={form} labels={{ email: 'field.email' }}>
        <Field
          voice={voice}
          form={form}
          name="email"
          kind="email"
          label={say('field.email')}
          autocomplete="username"
          focus={findFirstField(form, ['email'])}
        />
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
