/** The forms in which a comparison can be drawn, and the names of their files. */
export const compareFormats = ['json', 'markdown', 'terminal'] as const;
export type CompareFormat = (typeof compareFormats)[number];

export const compareFileNames = {
  json: 'compare.json',
  markdown: 'compare.md',
  terminal: 'compare.txt',
} satisfies Record<CompareFormat, string>;
