import { raw } from 'hono/html';
import { FormFrame, Submit } from '../form.tsx';
import type { ViewProps } from './view-props.ts';

/** OAuth 2.0 Form Post Response Mode: the one page with script, and it works without. */
export function FormPost({ view, voice, context }: ViewProps<'form-post'>) {
  const { say } = voice;
  const client = context.client?.name;
  return (
    <>
      <p class="lede">
        {client === undefined ? say('form-post.text-no-client') : say('form-post.text', { client })}
      </p>
      <FormFrame voice={voice} form={view.form}>
        <Submit label={say('action.continue')} />
      </FormFrame>
      <script nonce={context.nonce}>{raw('document.forms[0].submit()')}</script>
    </>
  );
}
