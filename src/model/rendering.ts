import { formats } from './run.ts';
import { nearest, quoted } from './text.ts';

/** The forms in which a report can be drawn, by the names that `--format` takes. */
export const reportFormats = ['json', 'html', 'terminal', 'markdown', 'junit', 'prometheus', 'csv', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** What to say of a word that names no format. */
export function noFormat(word: string): string {
  const stored = formats.find((format) => format === word);
  const meant = nearest(word, reportFormats);
  const hint =
    stored !== undefined
      ? 'how data is stored is said with --input-format'
      : meant !== undefined
        ? `did you mean ${quoted(meant)}?`
        : `there are ${reportFormats.slice(0, -1).join(', ')} and ${reportFormats.at(-1)}`;
  return `no format of the report is called ${quoted(word)}; ${hint}`;
}
