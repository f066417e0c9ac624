import type { Report } from '../../../model/report.ts';

/** The page's report with every column's findings back in their column. */
export function withFindings(report: Report): Report {
  const byColumn = new Map<string, Report['findings'][number][]>();
  for (const finding of report.findings) {
    if (finding.column === null) continue;
    const findings = byColumn.get(finding.column);
    if (findings === undefined) byColumn.set(finding.column, [finding]);
    else findings.push(finding);
  }
  return {
    ...report,
    columns: report.columns.map((column) => ({ ...column, findings: byColumn.get(column.name) ?? [] })),
  };
}
