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
  readonly format: string;
  /** the name in the folder of `--out` */
  readonly fileName: string;
  readonly mediaType: string;
  /** imported where used, so that a run pays only for what it writes */
  readonly load: () => Promise<Render>;
}

/** Every rendering, by name. A new one is a file and a line here. */
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
] as const satisfies readonly Rendering[];

export type RenderFormat = (typeof renderings)[number]['format'];
