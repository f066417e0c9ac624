import type { ReportFormat } from '../model/rendering.ts';
import type { Report } from '../model/report.ts';

/** What a rendering may be told; only those for a terminal listen. */
export interface RenderOptions {
  readonly color: boolean;
  readonly width: number;
}

/** A pure function of the report. */
export type Render = (report: Report, options: RenderOptions) => string;

export interface Rendering {
  /** the name in `--format` */
  readonly format: ReportFormat;
  /** the name in the folder of `--out` */
  readonly fileName: string;
  readonly mediaType: string;
  /** imported where used, so that a run pays only for what it writes */
  readonly load: () => Promise<Render>;
}

/** Every rendering, by name. A new one is a file, a line here and its name in the model. */
export const renderings = [
  {
    format: 'json',
    fileName: 'report.json',
    mediaType: 'application/json',
    load: async () => (await import('./json.ts')).renderJson,
  },
  {
    format: 'html',
    fileName: 'report.html',
    mediaType: 'text/html',
    load: async () => (await import('./html/render.ts')).renderHtml,
  },
  {
    format: 'terminal',
    fileName: 'report.txt',
    mediaType: 'text/plain',
    load: async () => (await import('./terminal.ts')).renderTerminal,
  },
  {
    format: 'markdown',
    fileName: 'report.md',
    mediaType: 'text/markdown',
    load: async () => (await import('./markdown.ts')).renderMarkdown,
  },
  {
    format: 'junit',
    fileName: 'report.junit.xml',
    mediaType: 'application/xml',
    load: async () => (await import('./junit.ts')).renderJunit,
  },
  {
    format: 'prometheus',
    fileName: 'report.prom',
    mediaType: 'text/plain; version=0.0.4',
    load: async () => (await import('./prometheus.ts')).renderPrometheus,
  },
  {
    format: 'csv',
    fileName: 'report.csv',
    mediaType: 'text/csv',
    load: async () => (await import('./csv.ts')).renderCsv,
  },
  {
    format: 'github',
    fileName: 'report.github.txt',
    mediaType: 'text/plain',
    load: async () => (await import('./github.ts')).renderGithub,
  },
] as const satisfies readonly Rendering[];

export type RenderFormat = ReportFormat;
