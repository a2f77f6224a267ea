/** A page with everything that autocapture looks at, friendly and hostile. */

/** Its HTML. @param isAlone - Without autocapture's own script. */
export function sdkPage(title = 'page', isAlone = false): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<link rel="icon" href="data:,"><script src="/sdk.js"></script>
${isAlone ? '' : '<script src="/sdk-capture.js"></script>'}
<style>.tile{display:inline-block;width:100px;height:60px;background:#ccc}.gap{height:1800px}
</style></head><body>
<p><button type="button" id="buy">Buy
 now</button>
<button type="button" data-backlot-target="the-name" id="named">x</button>
<button type="button" id="mail">me@example.test</button>
<button type="button" data-backlot-mask id="masked">My own secret</button>
<span data-backlot-ignore><button type="button" id="ignored">no</button></span>
<button type="button" id="dead">Nothing happens</button>
<button type="button" id="alive" onclick="this.textContent += '!'">Something does</button></p>
<p><label id="for-check"><input type="checkbox" id="check"> Agree</label>
<input id="plain"><input id="secret" type="password"><input id="search" type="search">
<span data-backlot-mask><input id="masked-search" type="search"></span></p>
<p><a class="tile" id="tile-1" href="#one" data-backlot-title="tt1" data-backlot-row="new"
 data-backlot-slot="0">One</a>
<a class="tile" id="tile-2" href="#two" data-backlot-title="tt2" data-backlot-row="new"
 data-backlot-slot="1"><span>Two</span></a>
<a class="tile" href="#three" data-backlot-title="tt3" data-backlot-row="new"
 data-backlot-slot="-1e9">Three</a></p>
<form id="hostile" onsubmit="return false"><input name="id" type="hidden">
<input name="closest" type="hidden"><input name="getAttribute" type="hidden">
<input name="localName" type="hidden"><input name="querySelector" type="hidden">
<input name="textContent" type="hidden"><input name="tagName" type="hidden">
<button type="button" id="hostile-button">Press</button></form>
<div class="gap"></div>
<a class="tile" id="far" href="#far" data-backlot-title="tt4" data-backlot-row="old"
 data-backlot-slot="0">Far</a>
<div style="height:400px"></div>
</body></html>`;
}
