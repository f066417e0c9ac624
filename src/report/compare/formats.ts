/** The forms in which a comparison can be drawn, and the names of their files. */
export const compareFormats = ['json', 'html', 'markdown', 'terminal'] as const;
export type CompareFormat = (typeof compareFormats)[number];

/** What is written when nothing else is asked for. */
export const defaultCompareFormats: readonly CompareFormat[] = ['json', 'html', 'markdown'];

export const compareFileNames = {
  json: 'compare.json',
  html: 'compare.html',
  markdown: 'compare.md',
  terminal: 'compare.txt',
} satisfies Record<CompareFormat, string>;
