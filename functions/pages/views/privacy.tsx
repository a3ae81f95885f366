import type { Child } from 'hono/jsx';
import { FormFrame, Notice, Submit } from '../form.tsx';
import type { MessageKey } from '../form-state.ts';
import { Icon } from '../icons.tsx';
import { safeAddress } from '../links.ts';
import type { PrivacySection } from '../privacy-views.ts';
import { When } from '../when.tsx';
import { Apps } from './privacy-apps.tsx';
import { Purposes } from './privacy-purposes.tsx';
import { Topics } from './privacy-topics.tsx';
import type { ViewProps } from './view-props.ts';

type Props = Pick<ViewProps<'privacy'>, 'view' | 'voice'>;

/** Every right that somebody has over their data, on one page. */
export function Privacy({ view, voice }: ViewProps<'privacy'>) {
  const { say } = voice;
  return (
    <>
      <p class="lede">{say('privacy.lede')}</p>
      {view.purposes.length > 0 && (
        <Section view={view} voice={voice} id="purposes" title="privacy.purposes">
          <FormFrame voice={voice} form={view.choose}>
            <Purposes purposes={view.purposes} voice={voice} />
          </FormFrame>
        </Section>
      )}
      <DoNotSell view={view} voice={voice} />
      {view.topics.length > 0 && (
        <Section view={view} voice={voice} id="topics" title="privacy.topics">
          <p class="small">{say('privacy.topics-text')}</p>
          <FormFrame voice={voice} form={view.preferences}>
            <Topics topics={view.topics} voice={voice} />
            <div class="answers">
              <Submit label={say('action.save')} quiet />
            </div>
          </FormFrame>
        </Section>
      )}
      <Section view={view} voice={voice} id="apps" title="privacy.apps">
        <Apps apps={view.apps} form={view.removeApp} voice={voice} />
      </Section>
      <OwnData view={view} voice={voice} />
      <div class="ways">
        <p>
          <a href={safeAddress(view.accountUrl)}>{say('action.back-to-account')}</a>
        </p>
      </div>
    </>
  );
}

interface SectionProps extends Props {
  readonly id: PrivacySection;
  readonly title: MessageKey;
  readonly children?: Child;
}

/** Tells in its own place what was done there: that is where the browser comes back to. */
function Section({ view, voice, id, title, children }: SectionProps) {
  const { notice, alert } = view;
  return (
    <section class="part" id={id}>
      <h2>{voice.say(title)}</h2>
      {notice?.section === id && <Notice voice={voice} message={notice.message} />}
      {alert?.section === id && (
        <div class="box alert" role="alert">
          <Icon name="alert" />
          <p>{voice.say(alert.message.key, alert.message.values)}</p>
        </div>
      )}
      {children}
    </section>
  );
}

/** A browser that asks for it would switch it on again with its next request. */
function DoNotSell({ view, voice }: Props) {
  const { say } = voice;
  const { doNotSell } = view;
  if (doNotSell === undefined) return null;
  const { form, isOn, since, isSignalled } = doNotSell;
  return (
    <Section view={view} voice={voice} id="do-not-sell" title="privacy.do-not-sell">
      <p class="small">
        {isOn && since !== undefined ? (
          <When message="privacy.do-not-sell-on" at={since} voice={voice} />
        ) : (
          say('privacy.do-not-sell-off')
        )}
        {isSignalled && ` ${say('privacy.do-not-sell-signal')}`}
      </p>
      {!(isOn && isSignalled) && (
        <FormFrame voice={voice} form={form}>
          <div class="answers">
            {isOn ? (
              <Submit label={say('action.allow-selling')} name="on" value="no" quiet />
            ) : (
              <Submit label={say('action.do-not-sell')} name="on" value="yes" quiet />
            )}
          </div>
        </FormFrame>
      )}
    </Section>
  );
}

function OwnData({ view, voice }: Props) {
  const { say } = voice;
  const { copy } = view;
  return (
    <section class="part" id="data">
      <h2>{say('privacy.data')}</h2>
      <ul class="rows">
        <Way
          title={say('privacy.copy')}
          text={say(copy === undefined ? 'privacy.copy-text' : `privacy.copy-${copy.state}`)}
          url={copy?.state === 'ready' ? copy.url : view.copyUrl}
          label={say(copy === undefined ? 'action.get-copy' : 'action.to-copy')}
          {...(copy !== undefined && { description: say('action.to-copy-of') })}
        />
        <Way
          title={say('privacy.history')}
          text={say('privacy.history-text')}
          url={view.historyUrl}
          label={say('action.to-history')}
          description={say('action.to-history-of')}
        />
        <Way
          title={say('privacy.delete')}
          text={say('privacy.delete-text')}
          url={view.deleteUrl}
          label={say('action.to-delete')}
        />
      </ul>
    </section>
  );
}

interface WayProps {
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly label: string;
  readonly description?: string;
}

function Way({ title, text, url, label, description }: WayProps) {
  return (
    <li class="row">
      <div>
        <h3>{title}</h3>
        <p class="small">{text}</p>
      </div>
      <a class="button quiet" href={safeAddress(url)} aria-label={description}>
        {label}
      </a>
    </li>
  );
}
