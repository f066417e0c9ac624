import { createRequire } from 'node:module';

/** As in package.json, which stands one folder above both the sources and what is built of them. */
export const version: string = (createRequire(import.meta.url)('../package.json') as { readonly version: string })
  .version;
