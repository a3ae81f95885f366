import {
  EXPORT_SECTIONS,
  type ExportRecord,
  type ExportSection,
  SECTION_NAMES,
  type SectionedRecord,
} from './sections.ts';

/** Writes a file piece by piece, so that its size costs no memory. */
export interface DocumentWriter {
  begin(): string;
  /** Records come in the order of their sections. */
  add(record: SectionedRecord): string;
  end(): string;
}

/** How one kind of file writes what stands between and around records. */
export interface SectionFormat {
  readonly begin: string;
  readonly end: string;
  open(section: ExportSection, isEmpty: boolean): string;
  record(section: ExportSection, record: ExportRecord, isFirst: boolean): string;
  close(section: ExportSection, isEmpty: boolean): string;
}

/** Every section stands in the file, also one without records. Throws when they are out of order. */
export function createDocumentWriter(format: SectionFormat): DocumentWriter {
  let next = 0;
  let current: { section: ExportSection; count: number } | undefined;

  function closeCurrent(): string {
    if (current === undefined) return '';
    const { section } = current;
    current = undefined;
    return format.close(section, false);
  }

  /** Empty ones on the way to a section. */
  function passOver(until: number): string {
    const passed = SECTION_NAMES.slice(next, until);
    next = until;
    return passed.map((name) => format.open(name, true) + format.close(name, true)).join('');
  }

  return {
    begin: () => format.begin,

    add({ section, record }) {
      let text = '';
      if (current?.section !== section) {
        const position = SECTION_NAMES.indexOf(section);
        if (position < next) throw new Error(`${section} comes out of order`);
        text += closeCurrent() + passOver(position) + format.open(section, false);
        current = { section, count: 0 };
        next = position + 1;
      }
      text += format.record(section, record, current.count === 0);
      current.count += 1;
      return text;
    },

    end: () => closeCurrent() + passOver(SECTION_NAMES.length) + format.end,
  };
}

/** `export.json`: the head's members, then a member for each section. RFC 8259. */
export function jsonFormat(head: ExportRecord): SectionFormat {
  const isOne = (section: ExportSection) => EXPORT_SECTIONS[section] === 'one';
  return {
    begin: JSON.stringify(head).replace(/\}$/, ''),
    end: '\n}\n',
    open: (section, isEmpty) => {
      const value = isOne(section) ? (isEmpty ? 'null' : '') : '[';
      return `,\n${JSON.stringify(section)}:${value}`;
    },
    record: (_, record, isFirst) => `${isFirst ? '' : ',\n'}${JSON.stringify(record)}`,
    close: (section) => (isOne(section) ? '' : ']'),
  };
}
