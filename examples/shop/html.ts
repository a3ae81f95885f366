/** Markup that may be sent as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | ReadonlyArray<Html>;

/** A template whose values are escaped unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html {
  const rendered = strings.map((text, index) => text + render(parts[index] ?? ''));
  return new Html(rendered.join(''));
}

function render(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part !== 'string') return part.map(({ markup }) => markup).join('');
  return part.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
