import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import type { CopyState } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';
import { UnderWay } from './copy-progress.tsx';
import type { ViewProps } from './view-props.ts';

/** Asks for a copy of one's own data, or tells how far it is (GDPR Art. 15, 20). */
export function PrivacyExport({ view, voice }: ViewProps<'privacy-export'>) {
  const { say } = voice;
  const { copy } = view;
  return (
    <>
      {copy !== undefined && copy.state !== 'ready' ? (
        <UnderWay copy={copy} reloadUrl={view.reloadUrl} voice={voice} />
      ) : (
        <>
          {copy !== undefined && <Ready copy={copy} voice={voice} />}
          <Ask view={view} voice={voice} />
        </>
      )}
      <div class="ways">
        <p>
          <a href={safeAddress(view.backUrl)}>{say('action.back-to-privacy')}</a>
        </p>
      </div>
    </>
  );
}

interface ReadyProps {
  readonly copy: Extract<CopyState, { state: 'ready' }>;
  readonly voice: Voice;
}

function Ready({ copy, voice }: ReadyProps) {
  return (
    <div class="part">
      <p>
        <When message="privacy-export.until" at={copy.expiresAt} voice={voice} length="long" />
      </p>
      <a class="button" href={safeAddress(copy.url)}>
        {voice.say('action.to-download')}
      </a>
    </div>
  );
}

function Ask({ view, voice }: Pick<ViewProps<'privacy-export'>, 'view' | 'voice'>) {
  const { say } = voice;
  const isAnew = view.copy !== undefined;
  return (
    <div class={isAnew ? 'part' : undefined}>
      {isAnew ? (
        <p>{say('privacy-export.anew')}</p>
      ) : (
        <>
          <p class="lede">{say('privacy-export.text')}</p>
          <p>{say('privacy-export.next')}</p>
        </>
      )}
      <FormFrame voice={voice} form={view.form}>
        <div class="field">
          <label class="tick" for="credentials">
            <input
              type="checkbox"
              id="credentials"
              name="credentials"
              value="included"
              aria-describedby="credentials-hint"
            />
            <span>{say('privacy-export.credentials')}</span>
          </label>
          <p class="hint" id="credentials-hint">
            {say('privacy-export.credentials-text')}
          </p>
        </div>
        <Submit label={say(isAnew ? 'action.collect-again' : 'action.collect')} quiet={isAnew} />
      </FormFrame>
    </div>
  );
}
