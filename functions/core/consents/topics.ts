/** Topics of communication, and whether somebody wants them. */
import { HttpError } from '../errors.ts';
import { CHANNELS, type Channel, type PrivacyChoices } from '../ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../privacy-policy.ts';

/** A topic by one channel: what is wanted, or not. */
export interface TopicChannel {
  readonly topicId: string;
  readonly channel: Channel;
}

/** Throws HttpError 404 for a topic, or a channel, that there is not. */
export function requireTopicChannel(
  { topics }: Pick<PrivacyPolicy, 'topics'>,
  asked: { readonly topicId: string; readonly channel: string },
): TopicChannel {
  const topic = topics.find(({ id }) => id === asked.topicId);
  if (topic === undefined) throw new HttpError(404, 'there is no such topic');
  const channel = CHANNELS.find((known) => known === asked.channel);
  if (channel === undefined) throw new HttpError(404, 'there is no such channel');
  return { topicId: topic.id, channel };
}

/** What nobody chose is not wanted. */
export function isWanted(
  { topics }: Pick<PrivacyChoices, 'topics'>,
  { topicId, channel }: TopicChannel,
): boolean {
  return topics.get(topicId)?.[channel] ?? false;
}
