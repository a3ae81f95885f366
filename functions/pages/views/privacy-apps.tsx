import { FormFrame, Submit } from '../form.tsx';
import type { Form } from '../form-state.ts';
import type { AppRow } from '../privacy-views.ts';
import { describeScope } from '../scopes.ts';
import { Typed, type Voice } from '../voice.tsx';
import { When } from '../when.tsx';

interface AppsProps {
  readonly apps: ReadonlyArray<AppRow>;
  readonly form: Form<never>;
  readonly voice: Voice;
}

/** Which app may see and do what. */
export function Apps({ apps, form, voice }: AppsProps) {
  const { say } = voice;
  if (apps.length === 0) return <p class="small">{say('privacy.apps-none')}</p>;
  return (
    <>
      <p class="small">{say('privacy.apps-text')}</p>
      <FormFrame voice={voice} form={form}>
        <ul class="rows">
          {apps.map((app) => (
            <App app={app} voice={voice} />
          ))}
        </ul>
      </FormFrame>
    </>
  );
}

function App({ app, voice }: { app: AppRow; voice: Voice }) {
  const { say } = voice;
  return (
    <li class="row">
      <div>
        <h3>
          <Typed>{app.name}</Typed>{' '}
          {app.isOpen && <span class="tag">{say('privacy.app-open')}</span>}
        </h3>
        <p class="small">
          {say('privacy.app-may')}{' '}
          {app.scopes.map((scope) => describeScope(scope, voice)).join('; ')}
          {app.allowedAt !== undefined && (
            <>
              <br />
              <When message="privacy.app-allowed" at={app.allowedAt} voice={voice} />
            </>
          )}
        </p>
      </div>
      <Submit
        label={say('action.remove-access')}
        description={`${say('action.remove-access')}: ${app.name}`}
        name="app"
        value={app.clientId}
        quiet
      />
    </li>
  );
}
