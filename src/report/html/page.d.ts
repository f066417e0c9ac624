import type { BundledPage } from './document.ts';

/** The page of a check's report, of app/main.tsx. */
export const page: BundledPage;
