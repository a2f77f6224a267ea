/** The demo site's style sheet: system fonts, light and dark, from phones to wide screens. */

/** The sheet. */
export const DEMO_STYLES = `:root{color-scheme:light dark;--ground:#f7f7f5;--card:#fff;
--ink:#1b1f24;--soft:#59616b;--line:#c9ced6;--accent:#0b5cad;--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--card:#1f242b;--ink:#eceff3;
--soft:#aab3bf;--line:#3a424d;--accent:#7fb8f5;--on-accent:#10151b}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem;z-index:2}
.top{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;padding:1rem;
border-bottom:1px solid var(--line)}
.brand{font-size:1.3rem;font-weight:700;text-decoration:none;color:var(--ink)}
form label{position:absolute;left:-99rem}
input[type=search]{font:inherit;padding:.4rem .7rem;border:1px solid var(--soft);border-radius:
.4rem;background:var(--card);color:var(--ink);width:min(20rem,60vw)}
.network{margin:0;padding:.2rem .7rem;border:1px solid currentColor;border-radius:1rem}
main{max-width:80rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}
.row{display:flex;gap:.8rem;overflow-x:auto;padding:.3rem;margin:0;list-style:none}
.found{flex-wrap:wrap}
.row li{flex:0 0 10rem}
.title{display:flex;flex-direction:column;height:100%;color:inherit;text-decoration:none;
background:var(--card);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.title:hover{border-color:var(--accent)}
.title span{padding:0 .6rem}.title .name{font-weight:600;padding-top:.4rem}
.title .about{color:var(--soft);font-size:.85rem;padding-bottom:.5rem}
.poster{display:block;width:100%;height:5.5rem;padding:0!important}
.facts{color:var(--soft)}
button,.button{font:inherit;padding:.5rem 1rem;border:1px solid var(--accent);border-radius:.4rem;
background:var(--accent);color:var(--on-accent);cursor:pointer;text-decoration:none;
display:inline-block}
button:disabled{opacity:.6;cursor:default}
video{display:block;width:100%;max-width:60rem;aspect-ratio:16/9;background:#000;
border-radius:.5rem}
.consent{position:sticky;bottom:0;background:var(--card);border-top:2px solid var(--accent);
padding:.5rem 1rem}
.consent p{max-width:50rem;margin:.5rem auto}
#decline,#privacy{background:transparent;color:var(--accent)}
footer{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;justify-content:space-between;
padding:1rem;border-top:1px solid var(--line);margin-top:2rem}
.counts{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:0;font-variant-numeric:tabular-nums}
.counts div{display:flex;gap:.4rem}.counts dt{color:var(--soft)}.counts dd{margin:0;font-weight:600}
@media (prefers-reduced-motion:no-preference){.title{transition:border-color .15s}}
@media (max-width:30rem){.row li{flex-basis:8.5rem}main{padding:.7rem}}`;
