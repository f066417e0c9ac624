import type { BundledPage } from './document.ts';

/** The page of a comparison, of app/compare/main.tsx. */
export const page: BundledPage;
