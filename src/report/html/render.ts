import type { Report } from '../../model/report.ts';
import { htmlDocument } from './document.ts';
import { page } from './page.js';
import { pageReport } from './page-report.ts';
import { summary } from './summary.ts';

/**
 * The report as one self-contained page: the web app of app/, bundled when the package was built, and the report as data. Where
 * scripts are not allowed to run, the verdict and the findings stand there as plain HTML.
 */
export function renderHtml(report: Report): string {
  return htmlDocument(page, 'driftgate report', report.gate.status, summary(report), pageReport(report));
}
