/** The report's one style sheet: light and dark by the reader's setting, phone, paper. Series
 * colours are Okabe and Ito's, darkened or lightened until they reach 3:1 on their background. */

const LIGHT = `--paper:#fff;--card:#fff;--soft:#f3f5f8;--line:#d5dae2;--ink:#17202b;
--ink2:#515c6b;--grid:#e3e7ed;--fault:#b3261e;--link:#0059a8;--s0:#0072b2;--s1:#c04e00;
--s2:#007a59;--s3:#a0468a;--s4:#8a6a00;--s5:#3b3f9a;--s6:#5a5f68;--s7:#a3123a`;

const DARK = `--paper:#10141a;--card:#171c24;--soft:#1e2530;--line:#333d4b;--ink:#e8ecf2;
--ink2:#a9b4c2;--grid:#2a3340;--fault:#ff8a80;--link:#7fbdf5;--s0:#56b4e9;--s1:#f0914f;
--s2:#2fc397;--s3:#e08bc4;--s4:#e6c229;--s5:#9aa0f5;--s6:#aeb6c2;--s7:#ff7d9c`;

/** The colours of the light page by their names. */
export const LIGHT_COLORS: ReadonlyMap<string, string> = new Map(
  [...LIGHT.matchAll(/--(\w+):(#\w+)/g)].map(([, name = '', color = '']) => [name, color]),
);

/** The content of the `<style>` element. */
export const STYLES = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .35rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .35rem;padding-top:.9rem;
border-top:1px solid var(--line)}
p{margin:.4rem 0;max-width:48rem}
a{color:var(--link)}
.lead{font-size:1.08rem;color:var(--ink2);margin:0 0 .6rem}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.6rem 0 0;padding:0;list-style:none;
color:var(--ink2);font-size:.9rem}
.facts b{color:var(--ink);font-weight:600}
.verdict{background:var(--soft);border:1px solid var(--line);border-left:5px solid var(--s0);
border-radius:8px;padding:.9rem 1.2rem;margin:1.4rem 0 0}
.verdict h2{border:0;margin:0 0 .3rem;padding:0;font-size:1.05rem}
.verdict p{max-width:56rem}
.note{color:var(--ink2);font-size:.92rem}
table.heat .h1{background:color-mix(in srgb,var(--s0) 8%,transparent)}
table.heat .h2{background:color-mix(in srgb,var(--s0) 18%,transparent)}
table.heat .h3{background:color-mix(in srgb,var(--s0) 28%,transparent)}
table.heat .h4{background:color-mix(in srgb,var(--s0) 38%,transparent)}
table.heat .h5{background:color-mix(in srgb,var(--s0) 48%,transparent)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:1.1rem 0 0;
font-size:.92rem}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));
align-items:start;gap:1rem;margin:1rem 0}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:.8rem .9rem .7rem;min-width:0}
figure h3{margin:0;font-size:1rem;line-height:1.35;font-weight:600;overflow-wrap:anywhere}
figure .sub{margin:0 0 .4rem;font-size:.84rem;color:var(--ink2)}
figure svg.chart{display:block;width:100%;height:auto;font-family:inherit;
font-variant-numeric:tabular-nums}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;list-style:none;margin:.7rem 0 0;padding:0;
font-size:.88rem}
.legend li{display:flex;align-items:center;gap:.4rem}
.legend svg{flex:none}
h3.apart{margin:1.6rem 0 .2rem;font-size:1.05rem}
.faults{margin:.2rem 0;padding-left:1.2rem;font-size:.92rem}
.faults b{color:var(--fault)}
details{margin-top:.45rem;font-size:.88rem}
summary{cursor:pointer;color:var(--link);padding:.15rem 0}
.scroll{overflow:auto;margin:.5rem 0;border:1px solid var(--line);
border-radius:6px}
details .scroll{max-height:24rem}
.group{margin:.5rem 0;font-size:inherit}
.group>summary{font-weight:500;overflow-wrap:anywhere}
.group>.scroll{max-height:none}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--ink2);font-size:.84rem;padding:.5rem .7rem}
th,td{padding:.34rem .7rem;text-align:right;vertical-align:top;border-top:1px solid var(--line);
white-space:nowrap}
thead th,thead td{position:sticky;top:0;background:var(--soft);font-weight:600;
vertical-align:bottom;
white-space:normal;min-width:4.2rem}
tbody th{text-align:left;font-weight:500;position:sticky;left:0;background:var(--paper);
white-space:normal;overflow-wrap:break-word;min-width:8rem;max-width:20rem}
figure tbody th{background:var(--card)}
pre+.scroll tbody th{width:12rem}
.t{text-align:left}
td.t{white-space:normal;min-width:9rem}
tbody td:empty::before{content:"–";color:var(--ink2)}
td small,th small{display:block;color:var(--ink2);font-size:.8rem;font-weight:400}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;
overflow:auto;font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
.skip{position:absolute;left:-99rem;top:.5rem;background:var(--card);color:var(--link);
padding:.4rem .8rem;border:1px solid var(--line);border-radius:6px;z-index:3}
.skip:focus{left:1rem}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}
.plot{position:relative;touch-action:pan-y pinch-zoom;cursor:crosshair}
.plot svg.chart{position:static!important}.plot>*{pointer-events:none}
.cross{position:absolute;top:0;bottom:0;border-left:1px solid var(--ink)}
.ring{position:absolute;width:18px;height:18px;margin:-9px;border:2px solid var(--ink);
border-radius:50%}
.stretch{position:absolute;top:0;bottom:0;background:var(--link);opacity:.2}
.tip{position:absolute;z-index:2;margin:.5rem;padding:.35rem .6rem;max-width:18rem;
background:var(--card);color:var(--ink);border:1px solid var(--ink2);border-radius:6px;
font-size:.8rem;line-height:1.4;overflow-wrap:anywhere}
.tip .row{display:grid;grid-template-columns:auto 1fr auto;gap:.45rem;align-items:baseline}
.tip i{width:.65rem;height:.65rem;border-radius:2px}
.tip .number{text-align:right;font-variant-numeric:tabular-nums}
.tools{float:right;display:flex;gap:.25rem;margin-top:.45rem}
button{font:inherit;color:var(--link);background:var(--card);border:1px solid var(--line);
border-radius:6px;cursor:pointer;padding:.1rem .55rem;min-width:1.75rem;min-height:1.75rem}
button:disabled{color:var(--ink2);cursor:default;opacity:.6}
.tools button{padding:0}
.legend button{display:flex;align-items:center;gap:.4rem;color:var(--ink);background:none}
button[aria-pressed=false]{color:var(--ink2);text-decoration:line-through}
.pager button[aria-pressed]{text-decoration:none}
button[aria-pressed=true]{border-color:var(--ink2)}
figure .scroll{clear:both}
.pager{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem;font-size:.88rem;margin:.4rem 0}
.pager span{margin-right:auto;font-variant-numeric:tabular-nums}
footer{margin-top:3rem;padding-bottom:2rem;color:var(--ink2);font-size:.86rem}
@media (max-width:40rem){body{font-size:15px}header,main,footer{padding-left:.9rem;
padding-right:.9rem}figure{padding:.7rem .6rem}th,td{padding:.32rem .5rem}
tbody th{white-space:normal;min-width:7rem;max-width:9rem}}
@media print{.tools,.pager,.skip,.plot>div{display:none}tr[hidden]{display:table-row}
#chart-keys{display:none}:root{${LIGHT}}body{font-size:10.5pt}nav{display:none}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
figure,tr,.verdict{break-inside:avoid}h2,h3{break-after:avoid}
.scroll,details .scroll{overflow:visible;max-height:none}.panels{grid-template-columns:1fr 1fr}}`;
