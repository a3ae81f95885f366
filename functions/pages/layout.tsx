import { raw } from 'hono/html';
import type { PropsWithChildren } from 'hono/jsx';
import { addToQuery } from '../core/redirect-uri.ts';
import { formatColor } from './colors.ts';
import { Icon, renderFavicon } from './icons.tsx';
import { findLogo, safeAddress } from './links.ts';
import { LANGUAGE_PARAMETER, LANGUAGES } from './locale.ts';
import { renderStyles } from './styles.ts';
import { createPalettes } from './theme.ts';
import type { PageContext } from './view.ts';
import type { Voice } from './voice.tsx';

interface LayoutProps {
  readonly voice: Voice;
  readonly context: PageContext;
  readonly title: string;
  /** Something needs mending: said first in the tab's title, where screen readers begin. */
  readonly hasError: boolean;
  readonly wide: boolean;
  /** Takes a longer style sheet. */
  readonly furtherStyles: string | undefined;
}

/** The whole document around a view. */
export function Layout({
  voice,
  context,
  title,
  hasError,
  wide,
  furtherStyles,
  children,
}: PropsWithChildren<LayoutProps>) {
  const { language, say } = voice;
  const width = wide ? 'wide' : undefined;
  return (
    <html lang={language.tag} dir={language.direction}>
      <Head
        voice={voice}
        context={context}
        title={hasError ? `${say('error.prefix')}: ${title}` : title}
        furtherStyles={furtherStyles}
      />
      <body>
        <header class={width}>
          <Brand context={context} />
        </header>
        <main class={width}>
          <h1>{title}</h1>
          {children}
        </main>
        <Footer voice={voice} context={context} width={width} />
      </body>
    </html>
  );
}

interface HeadProps extends Pick<LayoutProps, 'voice' | 'context' | 'title' | 'furtherStyles'> {}

function Head({ context, title, furtherStyles }: HeadProps) {
  const brand = context.client?.branding.color;
  const { light, dark } = createPalettes(brand);
  return (
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · ${context.client?.name ?? context.productName}`}</title>
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta
        name="theme-color"
        media="(prefers-color-scheme:light)"
        content={formatColor(light.button)}
      />
      <meta
        name="theme-color"
        media="(prefers-color-scheme:dark)"
        content={formatColor(dark.button)}
      />
      <link rel="icon" href={renderFavicon(formatColor(light.button))} />
      {/* Our own text and checked colours only: see theme.ts. */}
      <style nonce={context.nonce}>{raw(renderStyles(brand, furtherStyles))}</style>
    </head>
  );
}

/** The client's logo and name, or those of the product; a monogram where there is no logo. */
function Brand({ context }: { context: PageContext }) {
  const name = context.client?.name ?? context.productName;
  const logo = findLogo(context.client?.branding.logo);
  return (
    <>
      {logo === undefined ? (
        <span class="logo mono" aria-hidden="true">
          {findInitial(name)}
        </span>
      ) : (
        <img class="logo" src={logo} alt="" />
      )}
      <bdi>{name}</bdi>
    </>
  );
}

/** The first letter as a reader sees it, accents and emoji whole. */
function findInitial(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toUpperCase() ?? '';
}

interface FooterProps {
  readonly voice: Voice;
  readonly context: PageContext;
  readonly width: string | undefined;
}

function Footer({ voice, context, width }: FooterProps) {
  const { say } = voice;
  const { client, productName } = context;
  return (
    <footer class={width}>
      <div>
        {client !== undefined && client.name !== productName && <span>{productName}</span>}
        {client?.policyUri !== undefined && (
          <a href={safeAddress(client.policyUri)}>{say('footer.privacy')}</a>
        )}
        {client?.tosUri !== undefined && (
          <a href={safeAddress(client.tosUri)}>{say('footer.terms')}</a>
        )}
      </div>
      {context.pageUrl !== undefined && <Languages voice={voice} pageUrl={context.pageUrl} />}
    </footer>
  );
}

/** The same page in every other language, each named in its own words. */
function Languages({ voice, pageUrl }: { voice: Voice; pageUrl: string }) {
  const others = LANGUAGES.filter(({ tag }) => tag !== voice.language.tag);
  return (
    <nav class="languages" aria-label={voice.say('footer.language')}>
      <Icon name="globe" />
      {others.map(({ tag, name, direction }) => (
        <a
          href={safeAddress(addToQuery(pageUrl, { [LANGUAGE_PARAMETER]: tag }))}
          lang={tag}
          hreflang={tag}
          dir={direction}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}
