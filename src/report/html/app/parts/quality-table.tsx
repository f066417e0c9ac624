import type { QualityResult } from '../../../../model/quality.ts';
import { formatPValue } from '../../../numbers.ts';
import { log10FromNatural, qualityTitles } from '../../../words.ts';
import type { Entry } from '../entries.ts';
import { SeverityBadge } from './badges.tsx';
import { qualityNumber, qualityThreshold } from './quality-numbers.ts';
import { ColumnLink, Text } from './text.tsx';

/** Data-quality checks with what they found then and now. */
export function QualityTable({ results, entries }: { results: readonly QualityResult[]; entries?: readonly Entry[] }) {
  return (
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">check</th>
          {entries && <th scope="col">column</th>}
          <th scope="col" class="key reference">
            reference
          </th>
          <th scope="col" class="key current">
            current
          </th>
          <th scope="col">threshold</th>
          <th scope="col">p</th>
          <th scope="col">found</th>
        </tr>
      </thead>
      <tbody>
        {results.map((result, i) => (
          <tr key={i}>
            <th scope="row">{qualityTitles[result.id] ?? result.id}</th>
            {entries && <td>{<Concerned result={result} entries={entries} />}</td>}
            <td>{qualityNumber(result, result.reference)}</td>
            <td>{qualityNumber(result, result.current)}</td>
            <td>{qualityThreshold(result)}</td>
            <td>{result.logP === null ? '–' : formatPValue(log10FromNatural(result.logP)).replace(/^= /, '')}</td>
            <td>{result.severity === null ? 'no' : <SeverityBadge severity={result.severity} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Concerned({ result: { column }, entries }: { result: QualityResult; entries: readonly Entry[] }) {
  if (column === null) return <>the data set</>;
  const entry = entries.find(({ column: { name } }) => name === column);
  return entry ? <ColumnLink entry={entry} /> : <Text value={column} limit={60} />;
}
