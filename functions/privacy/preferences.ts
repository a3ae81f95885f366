/** REST of communication topics and "do not sell or share": `/v1/me/preferences`. */
import * as z from 'zod/mini';
import { isWanted } from '../core/consents/topics.ts';
import { CHANNELS, type PrivacyChoices } from '../core/ports/privacy-choices.ts';
import { readJson } from '../http/json-body.ts';
import { privateJson } from '../http/json-response.ts';
import type { HttpResponse } from '../http/message.ts';
import { chooseDoNotSell, chooseTopics } from './choosing.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { PersonEndpoint } from './person.ts';
import { viewDoNotSell } from './purpose-views.ts';

/** GET: what is wanted by topic and channel; what nobody chose is not wanted. Two AWS calls. */
export function createPreferences(deps: PrivacyPortal): PersonEndpoint {
  return async (_http, { sub }) => showPreferences(deps, await deps.choices.load(sub));
}

const Body = z.strictObject({
  topics: z.optional(z.record(z.string(), z.partialRecord(z.enum(CHANNELS), z.boolean()))),
  doNotSell: z.optional(z.boolean()),
});

/** PUT: what the body names; the rest stays. Three AWS calls for each of the two. */
export function createPreferenceChange(deps: PrivacyPortal): PersonEndpoint {
  return async (http, person) => {
    const { topics = {}, doNotSell } = readJson(http, Body);
    const wanted = new Map(Object.entries(topics));
    const after = await chooseTopics(deps, http, person, wanted);
    if (doNotSell === undefined) return showPreferences(deps, after);
    const shown = { page: 'api', method: 'api' } as const;
    return showPreferences(deps, await chooseDoNotSell(deps, http, person, doNotSell, shown));
  };
}

function showPreferences({ policy }: PrivacyPortal, choices: PrivacyChoices): HttpResponse {
  return privateJson({
    topics: policy.topics.map(({ id, titles }) => ({
      topicId: id,
      titles,
      channels: Object.fromEntries(
        CHANNELS.map((channel) => [channel, isWanted(choices, { topicId: id, channel })]),
      ),
    })),
    doNotSell: viewDoNotSell(choices),
  });
}
