import { Foreign } from '../foreign.tsx';
import type { TopicRow } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';

/** A box per topic and channel; a box that nobody ticked is no wish. */
export function Topics({ topics, voice }: { topics: ReadonlyArray<TopicRow>; voice: Voice }) {
  return (
    <>
      {topics.map(({ topicId, title, language, channels }) => (
        <fieldset class="field">
          <legend>
            <Foreign voice={voice} language={language}>
              {title}
            </Foreign>
          </legend>
          <input type="hidden" name={`shown.${topicId}`} value="yes" />
          <div class="channels">
            {channels.map(({ channel, isWanted }) => {
              const name = `topic.${topicId}.${channel}`;
              return (
                <label class="tick">
                  <input type="checkbox" name={name} value="on" checked={isWanted} />
                  <span>{voice.say(`channel.${channel}`)}</span>
                </label>
              );
            })}
          </div>
        </fieldset>
      ))}
    </>
  );
}
