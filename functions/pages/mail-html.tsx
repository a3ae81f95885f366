import { raw } from 'hono/html';
import type { Branding } from '../core/client.ts';
import { formatColor } from './colors.ts';
import { safeAddress } from './links.ts';
import { createPalettes, type Palette } from './theme.ts';
import type { Voice } from './voice.tsx';

/** What a mail consists of, whether it is read as text or as HTML. */
export type MailPart =
  | { readonly part: 'text'; readonly text: string }
  | { readonly part: 'code'; readonly code: string }
  | { readonly part: 'link'; readonly url: string; readonly label: string };

interface MailHtmlOptions {
  readonly subject: string;
  readonly parts: ReadonlyArray<MailPart>;
  readonly sender: string;
  readonly voice: Voice;
  readonly branding: Branding;
}

/**
 * Light by inline style, because many mail programs drop style sheets; dark by a sheet for those
 * that keep it. No image and nothing to load: opening the mail tells nobody.
 */
export function renderMailHtml(options: MailHtmlOptions): string {
  const { subject, parts, sender, voice, branding } = options;
  const { light, dark } = createPalettes(branding.color);
  const document = (
    <html lang={voice.language.tag} dir={voice.language.direction}>
      <head>
        <meta charset="utf-8" />
        <title>{subject}</title>
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{raw(renderDarkSheet(dark))}</style>
      </head>
      <body class="canvas" style={`margin:0;padding:24px 12px;background:${css(light.canvas)}`}>
        <div class="surface" style={surfaceStyle(light)}>
          {parts.map((part) => (
            <Part part={part} palette={light} />
          ))}
        </div>
        <p class="muted" style={senderStyle(light)}>
          {sender}
        </p>
      </body>
    </html>
  );
  return `<!doctype html>${document}`;
}

interface PartProps {
  readonly part: MailPart;
  readonly palette: Palette;
}

function Part({ part, palette }: PartProps) {
  switch (part.part) {
    case 'text':
      return <p style="margin:0 0 16px">{part.text}</p>;
    case 'code':
      return (
        <p class="code" style={codeStyle(palette)}>
          {part.code}
        </p>
      );
    case 'link':
      return (
        <p style="margin:0 0 24px">
          <a class="button" style={buttonStyle(palette)} href={safeAddress(part.url)}>
            {part.label}
          </a>
        </p>
      );
  }
}

const css = formatColor;
const FONT = "16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";

function surfaceStyle({ surface, text }: Palette): string {
  return `max-width:480px;margin:0 auto;padding:32px 28px 16px;border-radius:16px;background:${css(surface)};color:${css(text)};font:${FONT};overflow-wrap:anywhere`;
}

function codeStyle({ wash, text }: Palette): string {
  return `margin:0 0 16px;padding:14px 8px;border-radius:10px;background:${css(wash)};color:${css(text)};font:600 30px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.25em;text-align:center`;
}

function buttonStyle({ button, buttonInk }: Palette): string {
  return `display:inline-block;padding:12px 20px;border-radius:10px;background:${css(button)};color:${css(buttonInk)};font-weight:600;text-decoration:none`;
}

function senderStyle({ muted }: Palette): string {
  return `max-width:480px;margin:16px auto 0;padding:0 28px;color:${css(muted)};font:13px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif`;
}

function renderDarkSheet({ canvas, surface, wash, text, muted, button, buttonInk }: Palette) {
  const rules = [
    `.canvas{background:${css(canvas)}!important}`,
    `.surface{background:${css(surface)}!important;color:${css(text)}!important}`,
    `.code{background:${css(wash)}!important;color:${css(text)}!important}`,
    `.button{background:${css(button)}!important;color:${css(buttonInk)}!important}`,
    `.muted{color:${css(muted)}!important}`,
  ];
  return `:root{color-scheme:light dark}@media(prefers-color-scheme:dark){${rules.join('')}}`;
}
