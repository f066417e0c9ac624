import { render } from 'preact';
import type { CompareReport } from '../../../../model/compare.ts';
import { type Packed, unpack } from '../../pack.ts';
import { ComparePage } from './page.tsx';

const data = JSON.parse(document.getElementById('report')!.textContent!) as Packed;
const target = document.getElementById('app')!;
// what stood there for readers without scripts
target.replaceChildren();
render(<ComparePage report={unpack(data) as CompareReport} />, target);
