/** What the dashboard's page adds to the report's style sheet. */

/** Follows the report's. Controls are at least 2 rem high, for fingers. */
export const DASHBOARD_STYLES = `.dashboard header,.dashboard main{max-width:110rem}
.dashboard header{padding-top:1rem}.dashboard h1{font-size:1.35rem;margin:0}
.dashboard .lead{margin:.1rem 0 .4rem;font-size:1rem}
.dashboard h2{border:0;margin:0 0 .4rem;padding:0;font-size:1.05rem}
.dashboard main{display:flex;flex-direction:column;gap:1rem;padding-bottom:3rem}
.spoken{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}
[hidden]{display:none!important}
.pills{display:flex;flex-wrap:wrap;gap:.4rem;margin:.2rem 0 .5rem}
.pill{border:1px solid var(--line);border-radius:99px;padding:.05rem .7rem;font-size:.86rem;
background:var(--soft);overflow-wrap:anywhere}.pill:empty{display:none}
.pill[data-state=lost],.pill[data-state=refused],.pill[data-state=paused]{border-color:var(--fault);
border-width:2px}.notice{color:var(--fault);font-size:.9rem}
.panel,.clock{background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:.8rem .9rem;min-width:0}
.clock{position:sticky;top:0;z-index:2;display:flex;flex-direction:column;gap:.5rem}
.clock .row{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .9rem}
.time{font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums}
.controls{display:flex;flex-wrap:wrap;gap:.5rem 1rem;border:0;margin:0;padding:0;min-width:0;
align-items:center}.controls legend{padding:0;font-weight:600}
.group{display:flex;flex-wrap:wrap;gap:.3rem;align-items:center;margin:0}
input[type=range]{width:100%;margin:0;accent-color:var(--s0)}
button,select,input:not([type=range]){font:inherit;font-size:.9rem;min-height:2rem;
padding:.15rem .65rem;color:var(--ink);background:var(--soft);border:1px solid var(--ink2);
border-radius:6px;max-width:100%}
button{cursor:pointer;font-variant-numeric:tabular-nums}
button[aria-pressed=false]{text-decoration:none}
button:hover:enabled{text-decoration:underline}
button.main,button[aria-pressed=true]{background:var(--link);border-color:var(--link);
color:var(--paper);font-weight:600}
fieldset:disabled button,fieldset:disabled input,fieldset:disabled select{cursor:not-allowed;
background:var(--paper);color:var(--ink2);border-style:dashed}
input::placeholder{color:var(--ink2);opacity:1}
[aria-invalid=true]{border:2px solid var(--fault)!important}
.problem{color:var(--fault);font-size:.88rem;margin:0}.problem:empty{display:none}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(5.4rem,1fr));gap:.5rem;margin:0}
.figures dt{color:var(--ink2);font-size:.84rem}
.figures dd{margin:0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
.lights{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.5rem;
list-style:none;margin:0;padding:0}.lights li{display:flex;gap:.6rem;line-height:1.35}
.lights .note{overflow-wrap:anywhere}
.light{flex:none;width:1.9rem;height:1.9rem;border-radius:50%;display:grid;place-items:center;
font-weight:700;color:var(--paper);background:var(--s6)}
[data-state=holds]>.light{background:var(--s2)}[data-state=missed]>.light{background:var(--fault);
border-radius:5px}
.dashboard .panels{margin:0}
.plot{height:200px}.dashboard .legend{margin:.2rem 0 0}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem;
align-items:start}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));gap:.7rem}
.panel>.scroll,.beside>.scroll{max-height:27rem}
.meter{display:block;height:.4rem;min-width:3rem;border-radius:3px;background:var(--grid);
margin-top:.2rem;overflow:hidden}
.level{display:block;height:100%;background:var(--s0);transition:width .25s linear;width:0}
.funnel{list-style:none;margin:0 0 .8rem;padding:0;display:grid;gap:.6rem}
.funnel li{display:grid;grid-template-columns:5rem 1fr auto;gap:0 .7rem;align-items:baseline}
.funnel .meter{grid-column:1/-1;height:.8rem}
.race{position:relative;list-style:none;margin:0;padding:0;transition:height .3s}
.race li{position:absolute;inset:0 0 auto;height:30px;display:flex;gap:.5rem;align-items:center;
padding:0 .6rem;transition:transform .6s ease;font-size:.92rem}
.race .meter{position:absolute;inset:0;height:100%;margin:0;z-index:-1;border-radius:4px;
background:none}.race .level{opacity:.3}
.race li{z-index:0}.race .name{flex:1;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.rank{color:var(--ink2);min-width:1.6rem;font-variant-numeric:tabular-nums}
.fault-form{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:end;width:100%;margin:0}
.fault-form .note{width:100%;margin:0}.field .note{width:auto}
.field{display:flex;flex-wrap:wrap;gap:.1rem .4rem;align-items:center;max-width:100%}
.field label{width:100%;font-size:.84rem;color:var(--ink2)}
.commands{margin:.4rem 0 0;padding-left:2rem;max-height:22rem;overflow:auto;font-size:.9rem}
.commands small{display:block;color:var(--fault)}.commands span{overflow-wrap:anywhere}
.graph svg{display:block;max-width:100%;min-width:700px;height:auto;margin:0 auto;font-size:14px}
.graph text{fill:var(--ink)}.graph .words{font-size:11px;fill:var(--ink2)}
.graph .link .words{text-anchor:middle;paint-order:stroke;stroke:var(--card);stroke-width:4px;
stroke-linejoin:round;font-variant-numeric:tabular-nums}
.node .box{fill:var(--soft)}.node .busy{fill:var(--s0);opacity:.28}
.node .frame{fill:none;stroke:var(--ink2);stroke-width:1.3}
.node.clients .frame,.node.log .frame,.node.warehouse .frame,.node.store .frame{
stroke-dasharray:5 3}
.link .line{fill:none;stroke:var(--s0);opacity:.42}
.link .dots{fill:none;stroke:var(--s0);stroke-linecap:round}
.link[data-errors] .line{stroke:var(--fault);opacity:.75}
.graph [data-breaker=open]{fill:var(--fault);font-weight:700}
.graph{border:0}
.dashboard th,.dashboard td{padding:.3rem .45rem}.dashboard thead th:first-child{text-align:left}
.dashboard thead th{min-width:0}.panel tbody th{background:var(--card)}
.dashboard tbody th{min-width:5.5rem}
.panel .note{max-width:none}
@media (max-width:40rem){.clock{position:static}.time{font-size:1.05rem}
.dashboard .panels,.columns{gap:.7rem}}
@media (prefers-reduced-motion:reduce){.level,.race li,.race{transition:none}}`;
