import { describe, expect, it } from 'vitest';
import { acceptCellMessages } from '../../functions/http/cell-messages.ts';
import { CONTEXT, eventOf } from './events.ts';
import { writtenLines } from './written-lines.ts';

const SECRET = 'ada@example.com';

const lines = writtenLines();

const handlerThat = (answer: (message: unknown, from: string) => Promise<unknown>) =>
  acceptCellMessages({
    surface: 'interaction',
    answer: (message, { from }) => answer(message, from),
    otherwise: async () => 'the page',
  });

const MESSAGE = { cellMessage: { kind: 'address-known', email: SECRET }, from: 'us' };

describe('messages of other cells', () => {
  it('are answered with what their handler says', async () => {
    const handler = handlerThat(async (message, from) => ({ message, from }));
    expect(await handler(MESSAGE, CONTEXT)).toEqual({ message: MESSAGE.cellMessage, from: 'us' });
  });

  it('are answered in JSON when there is nothing to say', async () => {
    expect(await handlerThat(async () => undefined)(MESSAGE, CONTEXT)).toBeNull();
  });

  it('leave a line with kind and sender alone', async () => {
    await handlerThat(async () => undefined)(MESSAGE, CONTEXT);
    expect(lines.join('')).toContain('MESSAGE address-known');
    expect(lines.join('')).toContain('"forwardedBy":"us"');
    expect(lines.join('')).not.toContain(SECRET);
  });

  it('that fail say so, and nothing of what they held', async () => {
    const handler = handlerThat(async () => {
      throw new Error(`refused: ${SECRET}`);
    });
    const error = await handler(MESSAGE, CONTEXT).catch((thrown: unknown) => thrown);
    expect(error).toHaveProperty('message', 'the message was not answered');
    expect(lines.join('')).toContain('"status":500');
    expect(lines.join('')).not.toContain(SECRET);
  });

  it.each([
    ['an event of the API', eventOf()],
    ['a form that pretends', eventOf({ body: 'cellMessage=x&from=us' })],
    ['a header that pretends', eventOf({ headers: { cellmessage: 'x', from: 'us' } })],
  ])('are something else than %s', async (_what, event) => {
    expect(await handlerThat(async () => 'told')(event, CONTEXT)).toBe('the page');
  });
});
