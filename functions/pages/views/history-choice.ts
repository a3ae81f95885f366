import type { MessageKey } from '../form-state.ts';
import type { ChoiceRow } from '../privacy-views.ts';

/** In plain words; of a parent's answer, whose it was. */
export function whatHappened(entry: ChoiceRow): MessageKey {
  if (entry.kind === 'do-not-sell') {
    return entry.isOn ? 'history.do-not-sell-on' : 'history.do-not-sell-off';
  }
  const { state, method } = entry;
  const isAnswer = state === 'granted' || state === 'withdrawn';
  return method === 'parent' && isAnswer ? `history.${state}-parent` : `history.${state}`;
}
