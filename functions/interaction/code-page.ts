import type { Trial } from '../core/ports/challenges.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';

/** What the page that asks for a code says after a new one was asked for. */
export function readResendResult(http: HttpRequest): { notice?: Message; alert?: Message } {
  const seconds = readCount(http, 'wait');
  if (seconds !== undefined) {
    return { alert: { key: 'error.resend-too-soon', values: { seconds } } };
  }
  const minutes = readCount(http, 'pause');
  if (minutes !== undefined) {
    return { alert: { key: 'error.too-many-mails', values: { minutes } } };
  }
  return http.query.find('sent') === '1' ? { notice: { key: 'notice.code-sent' } } : {};
}

/** What to say next to the code's field. */
export function describeTrial(trial: Exclude<Trial, { outcome: 'matched' }>): Message {
  switch (trial.outcome) {
    case 'wrong':
      return { key: 'error.code-wrong', values: { left: trial.left } };
    case 'expired':
      return { key: 'error.code-expired' };
    case 'spent':
      return { key: 'error.code-spent' };
    case 'exhausted':
      return { key: 'error.code-exhausted' };
    case 'gone':
      return { key: 'error.code-used' };
  }
}

function readCount(http: HttpRequest, name: string): number | undefined {
  const value = http.query.find(name);
  return value !== undefined && /^\d{1,4}$/.test(value) ? Number(value) : undefined;
}
