import { safeAddress } from '../links.ts';
import type { Language } from '../locale.ts';
import type { ExportedCopy, ExportFile } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';
import { UnderWay } from './copy-progress.tsx';
import type { ViewProps } from './view-props.ts';

/** What somebody asked for of their own data: two files, or how far they are. */
export function Export({ view, voice }: ViewProps<'export'>) {
  const { say } = voice;
  return (
    <>
      <Copy view={view} voice={voice} />
      <div class="ways">
        <p>
          <a href={safeAddress(view.accountUrl)}>{say('action.back-to-account')}</a>
        </p>
      </div>
    </>
  );
}

function Copy({ view, voice }: Pick<ViewProps<'export'>, 'view' | 'voice'>) {
  const { copy } = view;
  switch (copy.state) {
    case 'ready':
      return <Ready copy={copy} voice={voice} />;
    case 'expired':
      return <p class="lede">{voice.say('export.expired')}</p>;
    default:
      return <UnderWay copy={copy} reloadUrl={view.reloadUrl} voice={voice} />;
  }
}

interface ReadyProps {
  readonly copy: Extract<ExportedCopy, { state: 'ready' }>;
  readonly voice: Voice;
}

function Ready({ copy, voice }: ReadyProps) {
  const { say } = voice;
  return (
    <>
      <p class="lede">{say('export.ready')}</p>
      {copy.files.map((file) => (
        <File file={file} voice={voice} />
      ))}
      <div class="apart">
        <p class="small">
          <When message="export.until" at={copy.expiresAt} voice={voice} length="long" />
        </p>
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
