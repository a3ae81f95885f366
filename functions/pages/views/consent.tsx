import { FormFrame, Submit } from '../form.tsx';
import { Icon } from '../icons.tsx';
import { describeScope } from '../scopes.ts';
import { Sentence, Typed } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

export function Consent({ view, voice, context }: ViewProps<'consent'>) {
  const { say } = voice;
  const client = context.client?.name ?? context.productName;
  return (
    <>
      <p class="lede">
        <Sentence
          voice={voice}
          message="consent.text"
          parts={{
            client: (
              <strong>
                <Typed>{client}</Typed>
              </strong>
            ),
          }}
        />
      </p>
      <ul class="scopes">
        {view.scopes.map((scope) => (
          <li>
            <Icon name="check" />
            <span>{describeScope(scope, voice)}</span>
          </li>
        ))}
      </ul>
      <FormFrame voice={voice} form={view.form}>
        <div class="stack">
          <Submit label={say('action.allow')} name="decision" value="allow" />
          <Submit label={say('action.deny')} name="decision" value="deny" quiet />
        </div>
      </FormFrame>
      <div class="apart small">
        <p>
          <Sentence
            voice={voice}
            message="consent.signed-in-as"
            parts={{ email: <Typed>{view.email}</Typed> }}
          />
        </p>
        <p>{say('consent.policies', { client })}</p>
      </div>
    </>
  );
}
