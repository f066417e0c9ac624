import { outcomes, outcomeWords } from '../words.ts';

/**
 * The page's stylesheet. Blue and orange tell the two sides apart for every kind of colour vision, and a filled shape against a
 * line without any; text has a contrast of at least 4.5, drawings of at least 3, in both schemes.
 */
const source = `
:root{color-scheme:light dark;
--page:#f6f7f9;--paper:#fff;--ink:#1a1f26;--soft:#59636e;--line:#d5dae0;--faint:#eef0f3;--link:#0b57b0;
--ref:#2f7fc9;--refill:#2f7fc966;--cur:#c2500a;--curfill:#c2500a99;
--pass:#00684a;--breach:#b3261e;--unsure:#7a5200;
--passfill:#00684a;--breachfill:#b3261e;--unsurefill:#7a5200}
@media(prefers-color-scheme:dark){:root{
--page:#0e1217;--paper:#161b22;--ink:#e4e9ef;--soft:#9aa5b1;--line:#303842;--faint:#1f262e;--link:#79b8ff;
--ref:#58a6ff;--refill:#58a6ff66;--cur:#ff9a4d;--curfill:#ff9a4d99;
--pass:#4cc38a;--breach:#ff8a80;--unsure:#e3b341;
--passfill:#0b5e45;--breachfill:#9c2b22;--unsurefill:#6e4c06}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media(prefers-reduced-motion){html{scroll-behavior:auto}}
body{margin:0 auto;max-width:1440px;padding:16px clamp(12px,3vw,40px) 40px;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
h1,h2,h3,h4,p,ul,ol,dl,figure{margin:0}
h1{font-size:1.05rem;font-weight:600}
h2{font-size:1.3rem;letter-spacing:-.01em;margin-bottom:12px}
h3{font-size:1rem}
h4{font-size:.8rem;text-transform:uppercase;letter-spacing:.05em;color:var(--soft);margin:20px 0 6px}
h4 .small{text-transform:none;letter-spacing:0;font-weight:400}
a{color:var(--link);text-underline-offset:2px;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
i{font-style:normal}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code,.n,td,dd,p,li,.path{overflow-wrap:anywhere}
.n{unicode-bidi:isolate}
.small{font-size:.84rem;color:var(--soft);font-weight:400}
.note,figcaption{font-size:.84rem;color:var(--soft);margin:6px 0 10px}
.none{color:var(--soft)}
header,main>section{margin-bottom:28px}
main>section{scroll-margin-top:12px}
#findings,#columns,#quality,#method{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px clamp(12px,2vw,24px)}

.verdict{display:flex;flex-wrap:wrap;gap:12px 28px;align-items:center;border-radius:12px;padding:20px clamp(16px,2vw,28px);background:var(--v);color:#fff}
.verdict>div{flex:1 1 320px}
.verdict .word{font-size:clamp(1.7rem,4vw,2.5rem);line-height:1.1;font-weight:750;letter-spacing:-.02em;white-space:nowrap}
.verdict .small{color:inherit;margin-top:4px}
.pass{--v:var(--passfill)}.breach{--v:var(--breachfill)}.no-verdict{--v:var(--unsurefill)}
.counts{list-style:none;padding:0;display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:12px 0}
.counts li{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:10px 16px}
.counts b{display:block;font-size:1.6rem;line-height:1.25;color:var(--ink)}
.counts span{font-size:.9rem}
.o-drift{color:var(--breach)}.o-undetermined{color:var(--unsure)}.o-stable{color:var(--pass)}.o-not-tested{color:var(--soft)}
.o-drift,.o-undetermined,.o-stable,.o-not-tested{white-space:nowrap}
SYMBOLS
.sides{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.side{background:var(--paper);border:1px solid var(--line);border-top:4px solid var(--ref);border-radius:12px;padding:12px 16px}
.side.current{border-top-color:var(--cur)}
.side h2{font-size:.95rem;margin:0}
.side b{font-size:1.25rem}
.path{font-size:.9rem}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:16px}

.key{white-space:nowrap;margin-right:8px}
.key:before,.pair thead th:nth-child(2):before,.pair thead th:nth-child(3):before{content:"";display:inline-block;width:14px;height:10px;margin-right:6px}
.kr:before,.pair thead th:nth-child(2):before{background:var(--refill);border-bottom:2px solid var(--ref)}
.kc:before,.pair thead th:nth-child(3):before{border:2px solid var(--cur);border-bottom:0}

.findings{list-style:none;padding:0}
.findings li{display:flex;gap:14px;padding:10px 0;border-top:1px solid var(--line)}
.findings li:first-child{border-top:0;padding-top:0}
.findings li>div{min-width:0}
.level{align-self:flex-start;flex:none;white-space:nowrap;font-size:.78rem;line-height:1.5;font-weight:700;border:1px solid;border-radius:5px;padding:0 6px;color:var(--soft)}
.P1 .level,.level.P1{background:var(--breachfill);border-color:var(--breachfill);color:#fff}
.P2 .level,.level.P2{color:var(--breach)}
.level .small{color:inherit}

.filter{border:0;padding:0;margin:0 0 8px;display:flex;flex-wrap:wrap;gap:6px}
.filter legend{float:left;padding:3px 8px 0 0;color:var(--soft)}
.filter label{border:1px solid var(--line);border-radius:99px;padding:2px 12px 2px 8px;cursor:pointer}
.filter label:has(:checked){background:var(--faint);border-color:var(--soft)}
.filter input{accent-color:var(--link);vertical-align:-2px}
FILTERS

table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:400}
.pair thead th{white-space:nowrap}
.pair thead th:before{vertical-align:-1px}
thead th{font-size:.84rem;color:var(--soft);vertical-align:bottom}
th,td{padding:4px 12px 4px 0;border-top:1px solid var(--line);vertical-align:top}
thead th,thead td{border-top:0}
.columns tbody th{font-weight:600}
.columns tbody .small{display:block}
.columns tbody td .small{display:inline}
.columns th,.columns td{padding:8px 16px 8px 0}
.columns td:nth-child(3){min-width:166px}
.columns td:nth-child(4){white-space:nowrap}
.columns tbody tr:hover{background:var(--faint)}
.columns td:last-child,.columns thead th:last-child{padding-right:0;width:180px}
.numbers td,.bars td{text-align:right;white-space:nowrap}
.numbers thead th:not(:first-child),.bars thead th:not(:first-child){text-align:right;padding-left:12px}
.numbers td:last-child,.numbers thead th:last-child,.bars td:last-child,.bars thead th:last-child{padding-right:0}
.numbers,.bars{font-size:.9rem}
.numbers th,.numbers td{padding-top:2px;padding-bottom:2px}
.sub td{font-size:.84rem;color:var(--soft)}
.numbers .n{min-width:9em}
.scroll{overflow-x:auto}
.bars th[style]{width:60%;padding:3px 8px 17px 0;background:
linear-gradient(var(--ref),var(--ref)) 0 calc(100% - 10px)/calc(var(--r)*.96%) 5px no-repeat,
linear-gradient(var(--cur),var(--cur)) 0 calc(100% - 4px)/calc(var(--c)*.96%) 5px no-repeat;print-color-adjust:exact;-webkit-print-color-adjust:exact}

svg{display:block}
.th{width:180px;height:38px;overflow:visible}
.r{fill:var(--refill)}
.c{fill:none;stroke:var(--cur);stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.th{border-bottom:1px solid var(--line)}
.big{width:100%;height:190px;overflow:visible;border-bottom:1px solid var(--soft)}
.ticks{display:flex;justify-content:space-between;font-size:.8rem;color:var(--soft);white-space:nowrap}
.sc{width:150px;height:16px;margin-top:3px;background:linear-gradient(var(--soft),var(--soft)) 0 50%/100% 1px no-repeat}
.sw{stroke:var(--soft);stroke-dasharray:2 2}
.si{stroke:var(--ink);stroke-width:3;opacity:.45}
.sm{fill:var(--ink)}

#details>details{background:var(--paper);border:1px solid var(--line);border-radius:12px;margin-bottom:8px}
summary{cursor:pointer}
#details summary{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 12px;padding:10px clamp(12px,2vw,24px)}
#details summary:before{content:"▸";color:var(--soft)}
#details [open]>summary:before{content:"▾"}
summary::-webkit-details-marker{display:none}
#details summary>.small{flex:1}
.detail{padding:4px clamp(12px,2vw,24px) 20px;scroll-margin-top:60px}
.detail>ul{padding-left:20px}
.distance{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:8px}
.distance span{flex:1 1 300px}
.distance>span>span{all:unset}
.grid{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:0 40px;margin-top:16px}
.grid h4:first-child{margin-top:0}
.grid>div:empty{display:none}
.grid:has(>div:empty){grid-template-columns:minmax(0,640px)}
.error{border-left:4px solid var(--breach);padding:4px 12px;margin-bottom:8px;background:var(--faint)}
#quality ul,#method ul{padding-left:20px;margin-bottom:12px}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 20px;margin-bottom:12px}
dt{color:var(--soft)}dd{margin:0}
#method h3{margin:20px 0 4px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--faint);border-radius:8px;padding:12px;margin:8px 0}
footer{font-size:.84rem;color:var(--soft)}

@media(max-width:860px){
.grid{grid-template-columns:minmax(0,1fr)}
.columns thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
.columns,.columns tbody{display:block}
.columns tbody tr{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:2px 16px;padding:10px 0;border-top:1px solid var(--line)}
.columns tbody th,.columns tbody td{border:0;padding:0!important}
.columns td:nth-child(2){text-align:right}
.columns td:nth-child(3){min-width:0}
.columns td:nth-child(4):before{content:"missing ";color:var(--soft)}
.columns td:nth-child(4){text-align:right}
.columns td:last-child{grid-column:1/-1;width:auto!important}
.th{width:100%}}
@media(max-width:560px){
.counts{grid-template-columns:1fr 1fr}
.sides{grid-template-columns:1fr}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}
.ticks span:nth-child(even){display:none}}
@media print{
:root{--page:#fff;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#f3f3f3;--link:#000;--ref:#2f7fc9;--refill:#2f7fc966;--cur:#c2500a;
--pass:#00684a;--breach:#b3261e;--unsure:#7a5200;--passfill:#00684a;--breachfill:#b3261e;--unsurefill:#7a5200}
body{max-width:none;padding:0;font-size:10pt}
nav,.filter{display:none}
.verdict,svg,.key:before{print-color-adjust:exact;-webkit-print-color-adjust:exact}
tr,li,figure,.side{break-inside:avoid}
h2,h3,h4,summary{break-after:avoid}
details::details-content{content-visibility:visible;display:block;height:auto}}
@media(forced-colors:active){.r{fill:GrayText}.c{stroke:CanvasText}.verdict{border:2px solid}}
`;

/** Which rows and details stay when a filter is chosen. */
const filters = outcomes
  .map((outcome) => `body:has(#show-${outcome}:checked) [class^=f-]:not(.f-${outcome})`)
  .join(',');

/** The outcomes' symbols; a screen reader hears only the word behind them. */
const symbols = outcomes
  .map(
    (outcome) =>
      `.o-${outcome}:before{content:"${outcomeWords[outcome].symbol} ";content:"${outcomeWords[outcome].symbol} " / ""}`,
  )
  .join('');

export const style = source
  .replace('FILTERS', `${filters}{display:none!important}`)
  .replace('SYMBOLS', symbols)
  .replace(/\n+/g, '');
