import { safeAddress } from '../links.ts';
import { formatTime, type Language } from '../locale.ts';
import type { ExportFile } from '../view.ts';
import { Sentence, type Voice } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

/** What somebody asked for of their own data: two files, or how far they are. */
export function Export({ view, voice }: ViewProps<'export'>) {
  const { say } = voice;
  return (
    <>
      {view.state === 'ready' && <Ready view={view} voice={voice} />}
      {view.state === 'collecting' && (
        <div role="status">
          <p class="lede">{say('export.collecting')}</p>
          <p class="small">{say('export.collected', { count: view.collected })}</p>
          <a class="button quiet" href={safeAddress(view.reloadUrl)}>
            {say('action.reload')}
          </a>
        </div>
      )}
      {view.state === 'expired' && <p class="lede">{say('export.expired')}</p>}
      <div class="ways">
        <p>
          <a href={safeAddress(view.accountUrl)}>{say('action.back-to-account')}</a>
        </p>
      </div>
    </>
  );
}

function Ready({ view, voice }: Pick<ViewProps<'export'>, 'view' | 'voice'>) {
  const { say, language } = voice;
  const until = view.expiresAt;
  return (
    <>
      <p class="lede">{say('export.ready')}</p>
      {view.files.map((file) => (
        <File file={file} voice={voice} />
      ))}
      <div class="apart">
        {until !== undefined && (
          <p class="small">
            <Sentence
              voice={voice}
              message="export.until"
              parts={{
                time: (
                  <time datetime={new Date(until * 1000).toISOString()}>
                    {formatTime(until, language, 'long')}
                  </time>
                ),
              }}
            />
          </p>
        )}
        <p class="small">{say('export.careful')}</p>
      </div>
    </>
  );
}

function File({ file, voice }: { file: ExportFile; voice: Voice }) {
  const { say, language } = voice;
  return (
    <section class="part">
      <h2>{say(`export.${file.kind}`)}</h2>
      <p class="small">{say(`export.${file.kind}-text`, { size: sizeOf(file.bytes, language) })}</p>
      <a class={file.kind === 'html' ? 'button' : 'button quiet'} href={safeAddress(file.url)}>
        {say(`action.download-${file.kind}`)}
      </a>
    </section>
  );
}

/** "34 kB", as the reader's language writes it. */
function sizeOf(bytes: number, { tag }: Language): string {
  const [value, unit] =
    bytes < 1_000_000
      ? [Math.max(1, Math.round(bytes / 1000)), 'kilobyte']
      : [Math.round(bytes / 100_000) / 10, 'megabyte'];
  return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
