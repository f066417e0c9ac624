/** The bundled web app of app/, made by scripts/build-page.js: in a build beside the compiled modules, in tests on the fly. */
export const page: {
  readonly script: string;
  readonly style: string;
  /** what a Content-Security-Policy calls them: sha256-… */
  readonly scriptHash: string;
  readonly styleHash: string;
  /** licences of the libraries in the script */
  readonly notice: string;
};
