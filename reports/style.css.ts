// The style sheet of the page: rules and white space, two tracks on a wide page, one below, one on paper.
import { themeCss } from './tokens.ts';

const SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,sans-serif';
const ONE_TRACK = 'section.q{grid-template:"say" "fig" "cap" "tab"/minmax(0,1fr);row-gap:.9rem}.right{display:contents}.fig{grid-area:fig}.tab{grid-area:tab}';

export const styleSheet = (): string => `${themeCss()}
*{box-sizing:border-box}
html{background:var(--page);color:var(--text);font:16px/1.5 ${SANS};-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0 auto;max-width:72rem;padding:0 1.5rem 4rem;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
svg text{font-family:${SANS};font-variant-numeric:tabular-nums}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.85em}
a{color:var(--c1);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--c1);outline-offset:3px;border-radius:2px}
[hidden]{display:none!important}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.5rem 1rem;z-index:3}
.muted,.cap,.facts small,thead th span{color:var(--muted)}
button,select{font:inherit;font-size:.8125rem;color:var(--muted);background:var(--page);border:1px solid var(--axis);border-radius:4px;padding:.15rem .6rem;cursor:pointer;max-width:100%}
button:hover,select:hover{color:var(--text);border-color:var(--muted)}
.top{display:flex;align-items:baseline;gap:1rem;padding:1.1rem 0 .8rem;font-size:.8125rem;color:var(--muted)}
.top b{color:var(--text);font-weight:650;font-size:.9375rem}.top span{flex:1;min-width:0}
h1{font-size:clamp(1.625rem,1.1rem + 1.9vw,2.375rem);line-height:1.15;font-weight:680;letter-spacing:-.018em;margin:1.6rem 0 .9rem;max-width:24em;text-wrap:balance}
.answer{font-size:clamp(1.0625rem,1rem + .4vw,1.25rem);line-height:1.5;max-width:46em;margin:0 0 1.9rem;text-wrap:pretty}.answer b{font-weight:650}
.facts{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);margin:0 0 1.7rem;border-top:1px solid var(--text);border-bottom:1px solid var(--grid)}
.facts div{padding:.85rem 1.1rem .95rem 0;min-width:0}.facts div+div{padding-left:1.1rem;border-left:1px solid var(--grid)}
.facts dt{font-size:.8125rem;color:var(--muted);line-height:1.35;margin-bottom:.15rem}
.facts dd{margin:0;line-height:1.4}.facts dd>b{display:block;font-size:1.4375rem;font-weight:650;letter-spacing:-.015em;line-height:1.3;overflow-wrap:anywhere}.facts dd>b.long{font-size:1.0625rem;line-height:1.35}
.facts small{font-size:.8125rem;display:block;margin-top:.15rem}.facts small b{font-weight:600}
.redo{display:flex;gap:.9rem;align-items:center;margin:0 0 1.2rem;font-size:.875rem;color:var(--muted);flex-wrap:wrap}.redo code{color:var(--text);overflow-wrap:anywhere;min-width:0}
nav ol{display:flex;flex-wrap:wrap;gap:.25rem 1.3rem;margin:0;padding:.8rem 0 .3rem;list-style:none;font-size:.875rem;border-top:1px solid var(--grid)}
nav a{color:var(--text);text-decoration-color:var(--axis)}nav a:hover{color:var(--c1)}
.keys{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;align-items:center;padding:.6rem 0 1rem;font-size:.8125rem;color:var(--muted)}
.key{display:contents;list-style:none}.key li{display:flex;align-items:center;gap:.4rem;min-width:0}.key svg{flex:none}.key span{min-width:0;overflow-wrap:anywhere}.pick{display:flex;align-items:center;gap:.4rem;min-width:0;max-width:100%}.pick select{min-width:0;flex:1}
.key button{display:flex;align-items:center;gap:.4rem;border-color:transparent;padding:.15rem .35rem;margin:0 -.35rem;max-width:calc(100% + .7rem);text-align:left;overflow-wrap:anywhere}.key button[aria-pressed=true]{border-color:var(--muted);color:var(--text)}
section.q{display:grid;grid-template:"say right" auto "cap right" 1fr/18rem minmax(0,1fr);column-gap:3rem;border-top:1px solid var(--grid);padding:2.6rem 0 2.4rem}
.say{grid-area:say;min-width:0}.right{grid-area:right;min-width:0}.fig{margin:-.3rem 0 0;min-width:0}.cap{grid-area:cap}.tab{min-width:0}
h2{font-size:1.375rem;line-height:1.25;font-weight:660;letter-spacing:-.012em;margin:0 0 .7rem;text-wrap:balance}
.say p{margin:0 0 .7rem;text-wrap:pretty}.again{font-size:.875rem;color:var(--muted)}.again code{display:block;color:var(--text);overflow-wrap:anywhere;margin:.25rem 0 .35rem}.again code,td code{user-select:all}.say p:last-child{margin-bottom:.9rem}
.cap{font-size:.8125rem;line-height:1.55;margin:0}.cap b{font-weight:600;color:var(--text)}
.panels{display:grid;gap:1.25rem 1.5rem}.p2{grid-template-columns:repeat(2,minmax(0,1fr))}.p3{grid-template-columns:repeat(3,minmax(0,1fr))}
.panel{min-width:0;position:relative}.panel svg{display:block;max-width:100%;height:auto}.narrow{display:none}
.live{display:none}.panel[data-live] .live{display:block}.panel[data-live]>svg{display:none}
.tip{position:fixed;z-index:2;max-width:20rem;padding:.3rem .6rem;background:var(--text);color:var(--page);font-size:.8125rem;line-height:1.4;border-radius:4px;pointer-events:none;overflow-wrap:anywhere}
details{margin-top:1rem;font-size:.875rem}summary{cursor:pointer;color:var(--muted);width:fit-content;padding:.15rem 0}summary:hover{color:var(--text)}
.scroll{overflow-x:auto;margin-top:.4rem}
table{border-collapse:collapse;font-size:.8125rem;line-height:1.4}
th,td{padding:.34rem 0 .34rem 1.35rem;text-align:right;white-space:nowrap;font-weight:400;vertical-align:baseline}
#starvation td.l:nth-last-child(2){white-space:normal;min-width:18rem}
th:first-child,td:first-child{padding-left:0;text-align:left}th.l,td.l{text-align:left}tbody th{max-width:24rem;white-space:normal;overflow-wrap:anywhere;min-width:5rem}
thead th{vertical-align:bottom;font-weight:600;border-bottom:1px solid var(--text);white-space:normal;min-width:5.5rem;max-width:11rem}thead th span{font-weight:400;display:block}
tbody tr{border-bottom:1px solid var(--grid)}tbody tr.base{color:var(--c2)}tbody tr.lit{background:var(--set)}
.better{color:var(--c3)}.worse{color:var(--c4)}
.words{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 3rem;border-top:1px solid var(--grid);padding:2.6rem 0}
.words h2{grid-column:1/-1}.words h3{font-size:1rem;font-weight:650;margin:0 0 .5rem}
.words ul{margin:0;padding-left:1.1rem}.words li{margin:.3rem 0;text-wrap:pretty;overflow-wrap:anywhere}
.man{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.5rem;margin:0;font-size:.875rem}.man dt{color:var(--muted)}.man dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--panel);padding:.9rem 1.1rem;border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 1.1rem;line-height:1.6}
footer{border-top:1px solid var(--grid);padding-top:1rem;font-size:.8125rem;color:var(--muted)}
@media screen and (max-width:1119px){${ONE_TRACK}.say{max-width:44rem}.cap{max-width:48rem}.facts{grid-auto-flow:row;grid-template-columns:repeat(6,minmax(0,1fr))}.facts div{grid-column:span 2}.facts div:nth-child(n+4){grid-column:span 3;border-top:1px solid var(--grid)}.facts div:nth-child(4){padding-left:0;border-left:0}.facts div:nth-child(4):last-child{grid-column:span 6}.facts div:first-child:nth-last-child(2),.facts div:nth-child(2):last-child{grid-column:span 3}details{margin-top:0}}
@media screen and (max-width:800px){.wide{display:none}.narrow{display:block}.p2,.p3{grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}.panel svg{width:100%;max-width:30rem}.words{grid-template-columns:minmax(0,1fr);row-gap:1.6rem}}
@media screen and (max-width:600px){body{padding:0 1rem 3rem}.top{flex-wrap:wrap;gap:.2rem 1rem}.top span{order:3;flex-basis:100%}.top b{flex:1}h1{margin-top:.9rem}.facts{grid-template-columns:minmax(0,1fr);border-bottom:0}.facts div,.facts div+div,.facts div:nth-child(n){grid-column:auto;display:grid;grid-template-columns:6.6rem minmax(0,1fr);column-gap:1rem;padding:.65rem 0;border:0;border-bottom:1px solid var(--grid)}.facts dt{padding-top:.25rem}.facts dd>b{font-size:1.25rem}section.q{padding:2rem 0 1.6rem}nav ol{flex-direction:column}.man{grid-template-columns:minmax(0,1fr)}.man dt{margin-top:.3rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{@page{margin:16mm 14mm}html{font-size:10.5pt}body{max-width:none;padding:0}button,select,nav,.skip,.pick,summary{display:none!important}.key button{display:flex!important;border:0;padding:0;color:inherit}${ONE_TRACK}section.q{break-inside:avoid-page;padding:1.4rem 0;row-gap:.6rem}.fig{break-inside:avoid}.panel[data-live] .live{display:none}.panel[data-live]>svg{display:block}details::details-content{content-visibility:visible;display:block;block-size:auto}th,td{padding:.2rem 0 .2rem .8rem}table{font-size:7.5pt}.scroll{overflow:visible}h2{break-after:avoid}a{color:inherit;text-decoration:none}tbody tr.lit{background:none}}
`;
