import { render } from 'preact';
import type { Report } from '../../../model/report.ts';
import { type Packed, unpack } from '../pack.ts';
import { Page } from './page.tsx';
import { withFindings } from './with-findings.ts';

const data = JSON.parse(document.getElementById('report')!.textContent!) as Packed;
const target = document.getElementById('app')!;
// what stood there for readers without scripts
target.replaceChildren();
render(<Page report={withFindings(unpack(data) as Report)} />, target);
