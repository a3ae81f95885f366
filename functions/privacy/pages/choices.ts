/** Forms of the privacy page: each writes by what REST writes by. */
import { seeOther } from '../../browser/pages.ts';
import { HttpError } from '../../core/errors.ts';
import { type ClientId, isId } from '../../core/ids.ts';
import { CHANNELS, type ChannelChoices } from '../../core/ports/privacy-choices.ts';
import { actingOf } from '../../http/acting.ts';
import type { Endpoint, HttpRequest } from '../../http/message.ts';
import { chooseDoNotSell, chooseTopics } from '../choosing.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { afterDoing, orTooMany } from './overview.ts';
import { forSignedIn, PRIVACY_PAGE } from './signed-in.ts';

export const SHOWN = { page: PRIVACY_PAGE, method: 'form' } as const;

/** POST `topic.<topicId>.<channel>=on`: what is left out of a topic that was shown is not wanted. */
export function createTopicsForm(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, PRIVACY_PAGE, (http, signedIn) =>
    orTooMany(deps, http, signedIn, 'topics', async () => {
      await chooseTopics(deps, http, signedIn, readTopics(deps, http));
      return seeOther(afterDoing('topics'));
    }),
  );
}

function readTopics(
  { policy }: PrivacyPortal,
  { form }: HttpRequest,
): ReadonlyMap<string, ChannelChoices> {
  const shown = policy.topics.filter(({ id }) => form.find(`shown.${id}`) !== undefined);
  return new Map(
    shown.map(({ id }) => [
      id,
      Object.fromEntries(
        CHANNELS.map((channel) => [channel, form.find(`topic.${id}.${channel}`) === 'on']),
      ),
    ]),
  );
}

/** POST `on=yes` or `on=no`. */
export function createDoNotSellForm(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, PRIVACY_PAGE, (http, signedIn) =>
    orTooMany(deps, http, signedIn, 'do-not-sell', async () => {
      const on = http.form.find('on');
      if (on !== 'yes' && on !== 'no') throw new HttpError(400, 'not as it should be: on');
      await chooseDoNotSell(deps, http, signedIn, on === 'yes', SHOWN);
      return seeOther(afterDoing('do-not-sell'));
    }),
  );
}

/** POST `app=<clientId>`: also of an app that has no access any more. */
export function createAppRemoval(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, PRIVACY_PAGE, async (http, { sub, actor }) => {
    const app = http.form.text('app');
    if (!isId(app)) throw new HttpError(400, 'not as it should be: app');
    await deps.appAccesses.remove(sub, app as ClientId, actingOf(http, actor));
    return seeOther(afterDoing('apps'));
  });
}
