/** Words in a text, however base64 or capitals spell them. */

/** What is sought; all of it in one pass, for there are hundreds of words and thousands of texts. */
export interface Spellings {
  /** In small letters; found in capitals too. */
  readonly clear: ReadonlyArray<string>;
  /** In the standard alphabet; found in that of URLs too. */
  readonly base64: ReadonlyArray<string>;
}

export function searchFor({ clear, base64 }: Spellings): (text: string) => boolean {
  const inSmall = anyOf(clear.map(literally));
  const inBase64 = anyOf(
    base64.map((form) => form.replaceAll('+', '[-+]').replaceAll('/', '[_/]')),
  );
  return (text) => inSmall.test(text.toLowerCase()) || inBase64.test(text);
}

/** Nothing when there are no words. */
function anyOf(patterns: ReadonlyArray<string>): RegExp {
  return new RegExp(patterns.length === 0 ? '(?!)' : [...new Set(patterns)].join('|'));
}

function literally(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** How base64 shows bytes, wherever in what is encoded they begin. */
export function base64Forms(bytes: Buffer): ReadonlyArray<string> {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const touched = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    const body = encoded.replace(/=+$/, '');
    // The first and the last character also hold bits of what stands beside.
    return body.slice([0, 2, 3][offset], body.length - touched);
  });
}
