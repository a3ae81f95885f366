import { AwsError } from '../types.ts';

/** An element: its name and its text or its children. */
export type XmlElement = readonly [name: string, content: string | ReadonlyArray<XmlElement>];

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole document; `isNamed` puts the elements into S3's namespace, which errors have none of. */
export function renderXml([name, content]: XmlElement, isNamed = true): string {
  const attribute = isNamed ? ` xmlns="${NAMESPACE}"` : '';
  const body = renderContent(content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${body}</${name}>`;
}

function renderContent(content: XmlElement[1]): string {
  if (typeof content === 'string') return escapeXml(content);
  return content.map(([name, inner]) => `<${name}>${renderContent(inner)}</${name}>`).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Parsers turn a bare one into a line feed.
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => ENTITIES[character] ?? '');
}

/** What a request's body holds. */
export interface XmlNode {
  readonly name: string;
  readonly children: ReadonlyArray<XmlNode>;
  /** Of a node without children. */
  readonly text: string;
}

const TOKEN = /<\?[^>]*\?>|<!--.*?-->|<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<]+)/gsy;

/**
 * Reads the small documents that S3 is sent: elements and text, no declarations, attributes left
 * aside. Throws AwsError MalformedXML.
 */
export function parseXml(text: string): XmlNode {
  const root: OpenNode = { name: '', children: [], text: '' };
  const open: Array<OpenNode> = [root];
  const trimmed = text.trim();
  let read = 0;
  for (const [token, slash, name, selfClosing, words] of trimmed.matchAll(TOKEN)) {
    read += token.length;
    const current = open.at(-1) ?? root;
    if (words !== undefined) current.text += decodeEntities(words);
    else if (name === undefined) continue;
    else if (slash === '/') closeNode(open, name);
    else {
      const node: OpenNode = { name, children: [], text: '' };
      current.children.push(node);
      if (selfClosing !== '/') open.push(node);
    }
  }
  const [only, ...others] = root.children;
  const isWhole = read === trimmed.length && open.length === 1 && others.length === 0;
  if (!isWhole || only === undefined) throw malformed();
  return only;
}

interface OpenNode extends XmlNode {
  children: Array<OpenNode>;
  text: string;
}

function closeNode(open: Array<OpenNode>, name: string): void {
  const closed = open.length > 1 ? open.pop() : undefined;
  if (closed?.name !== name) throw malformed();
}

export function malformed(): AwsError {
  const message =
    'The XML you provided was not well-formed or did not validate against our published schema';
  return new AwsError('MalformedXML', message);
}

export function childrenOf(node: XmlNode, name: string): ReadonlyArray<XmlNode> {
  return node.children.filter((child) => child.name === name);
}

export function findText(node: XmlNode, name: string): string | undefined {
  return childrenOf(node, name)[0]?.text;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) => {
    const known = NAMED[String(name)];
    if (known !== undefined) return known;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!Number.isInteger(code) || code > 0x10ffff) throw malformed();
    return String.fromCodePoint(code);
  });
}
