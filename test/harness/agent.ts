import { type HTMLElement, parse } from 'node-html-parser';

/** An answer as a browser without script would stand before it. */
export interface Answer {
  /** Where the answer came from, after the redirects within the deployment. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Parsed when it is HTML, once somebody asks. */
  readonly document: HTMLElement;
  /** Where a redirect leads to that was not followed: to another origin, or by request. */
  readonly leadsTo: URL | undefined;
  /** The API's request ids of all that happened on the way, for the call log. */
  readonly requestIds: ReadonlyArray<string>;
}

export interface AgentOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** False stops at the first redirect. */
  readonly follow?: boolean;
}

/** A browser without script: cookies, pages, forms and redirects within the deployment. */
export interface Agent {
  /** By name, as the browser would send them. Tests may read, set and delete. */
  readonly cookies: Map<string, string>;
  /** An absolute URL, or a path of the issuer. */
  get(url: string | URL, options?: AgentOptions): Promise<Answer>;
  post(
    url: string | URL,
    fields: Readonly<Record<string, string>> | string,
    options?: AgentOptions,
  ): Promise<Answer>;
  /**
   * Submits a form of a page with what it holds (hidden fields, typed values, ticked boxes) and
   * `fields` over it. `form` is its position, or the path of its action.
   */
  submit(
    page: Answer,
    form: number | string,
    fields?: Readonly<Record<string, string>>,
    options?: AgentOptions,
  ): Promise<Answer>;
}

const MAX_REDIRECTS = 10;

/** The hosts of a deployment: the issuer's, and the cells' own. */
export interface Hosts {
  readonly issuer: string;
  readonly cellUrls?: Readonly<Record<string, string>>;
  /** Sent with every request, as a front adds them: the country that somebody calls from. */
  readonly frontHeaders?: Readonly<Record<string, string>>;
}

/**
 * It visits the hosts of the deployment and no other origin; of a deployment of one cell, the
 * issuer is enough. Ports share cookies, as in a browser.
 */
export function createAgent(where: string | Hosts): Agent {
  const hosts: Hosts = typeof where === 'string' ? { issuer: where } : where;
  const { issuer, cellUrls = {}, frontHeaders = {} } = hosts;
  const origins = new Set([issuer, ...Object.values(cellUrls)].map((url) => new URL(url).origin));
  const cookies = new Map<string, string>();

  async function visit(
    url: URL,
    body: string | undefined,
    { headers = {}, follow = true }: AgentOptions,
  ): Promise<Answer> {
    const requestIds: Array<string> = [];
    let target = url;
    let content = body;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      if (!origins.has(target.origin)) {
        throw new Error(`the agent does not leave ${[...origins].join(', ')}`);
      }
      const sent = { ...frontHeaders, ...cookieHeader(cookies), ...headers };
      const response = await send(target, content, sent);
      keepCookies(cookies, response.headers);
      requestIds.push(response.headers.get('apigw-requestid') ?? '');
      const answer = await readAnswer(response, target, requestIds);
      const next = answer.leadsTo;
      if (!follow || next === undefined || !origins.has(next.origin)) return answer;
      target = next;
      content = undefined;
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects from ${url.href}`);
  }

  return {
    cookies,
    get: (url, options = {}) => visit(new URL(url, issuer), undefined, options),
    post: (url, fields, options = {}) =>
      visit(new URL(url, issuer), new URLSearchParams(fields).toString(), options),
    submit(page, form, fields = {}, options = {}) {
      const element = requireForm(page, form);
      const body = new URLSearchParams({ ...valuesOf(element), ...fields }).toString();
      return visit(new URL(element.getAttribute('action') ?? '', page.url), body, options);
    },
  };
}

/** Sent as Chromium sends it from a page with `Referrer-Policy: no-referrer`. */
const BROWSER_POST = {
  origin: 'null',
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
};

function send(url: URL, body: string | undefined, headers: Record<string, string>) {
  return fetch(url, {
    redirect: 'manual',
    ...(body === undefined
      ? { headers: { accept: 'text/html', ...headers } }
      : { method: 'POST', body, headers: { accept: 'text/html', ...BROWSER_POST, ...headers } }),
  });
}

async function readAnswer(
  response: Response,
  url: URL,
  requestIds: ReadonlyArray<string>,
): Promise<Answer> {
  const body = await response.text();
  const isHtml = response.headers.get('content-type')?.startsWith('text/html') === true;
  const location = response.headers.get('location');
  let document: HTMLElement | undefined;
  return {
    url: url.href,
    status: response.status,
    headers: response.headers,
    body,
    get document() {
      document ??= parse(isHtml ? closeOptions(body) : '');
      return document;
    },
    leadsTo: location === null ? undefined : new URL(location, url),
    requestIds: [...requestIds],
  };
}

/** An option ends where the next one begins (HTML §13.1.2.4): browsers know that, our parser does not. */
function closeOptions(html: string): string {
  return html.replace(/(<option\b[^>]*>[^<]*)(?=<option\b|<\/select>)/g, '$1</option>');
}

function cookieHeader(cookies: ReadonlyMap<string, string>): Record<string, string> {
  if (cookies.size === 0) return {};
  return { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
}

function keepCookies(cookies: Map<string, string>, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) {
    const [pair = '', ...attributes] = cookie.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    const isDeleted = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (isDeleted) cookies.delete(name);
    else cookies.set(name, pair.slice(equals + 1).trim());
  }
}

function requireForm(page: Answer, form: number | string): HTMLElement {
  const forms = page.document.querySelectorAll('form');
  const found =
    typeof form === 'number'
      ? forms[form]
      : forms.find((candidate) => pathOf(candidate.getAttribute('action')) === form);
  if (found !== undefined) return found;
  const title = page.document.querySelector('h1')?.text ?? 'no heading';
  throw new Error(`no form ${form} at ${pathOf(page.url)} (status ${page.status}, "${title}")`);
}

function pathOf(url: string | undefined): string {
  return new URL(url ?? '', 'http://any').pathname;
}

/** What a browser would send of a form without its buttons. */
function valuesOf(form: HTMLElement): Record<string, string> {
  const values: Record<string, string> = {};
  for (const input of form.querySelectorAll('input')) {
    const name = input.getAttribute('name');
    const isTickable = ['checkbox', 'radio'].includes(input.getAttribute('type') ?? '');
    if (name === undefined || (isTickable && !input.hasAttribute('checked'))) continue;
    values[name] = input.getAttribute('value') ?? '';
  }
  return values;
}
