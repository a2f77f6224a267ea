/** Documents in which every text from outside is an attack: names of scenarios, architectures,
 * services, titles, genres, faults, queries, reasons, commands. */

/** Attacks on HTML, SVG, attributes, JSON in scripts, rich texts of ECharts, styles, readers. */
export const ATTACKS: readonly string[] = [
  '<script>globalThis.hit=1</script>',
  '</script><script>globalThis.hit=1</script>',
  '<!--<script>globalThis.hit=1</script>-->',
  '<img src=x onerror=globalThis.hit=1>',
  '"><img src=//evil.example/a.png onerror="globalThis.hit=1">',
  `' onfocus='globalThis.hit=1' autofocus tabindex='1`,
  '" onmouseover="globalThis.hit=1" style="position:fixed;inset:0',
  '<svg onload=globalThis.hit=1>',
  '</svg></title><svg/onload=globalThis.hit=1>',
  '</title><iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<iframe src=javascript:globalThis.hit=1></iframe>',
  '<a href="javascript:globalThis.hit=1">click</a>',
  'javascript:globalThis.hit=1//',
  '<math><mtext><table><mglyph><style><img src=x onerror=globalThis.hit=1>',
  '<details open ontoggle=globalThis.hit=1>',
  '<body onload=globalThis.hit=1>',
  '<link rel=stylesheet href=//evil.example/a.css>',
  '<style>@import "//evil.example/a.css";*{display:none!important}</style>',
  '</style><style>body{background:url(//evil.example/a)}',
  '<base href=//evil.example/>',
  '<meta http-equiv=refresh content="0;url=//evil.example/">',
  '<form action=//evil.example/><input type=submit>',
  '<object data=//evil.example/a.swf></object>',
  '<use href="//evil.example/a.svg#x"/>',
  '<foreignObject><body onload=globalThis.hit=1></foreignObject>',
  '<animate onbegin=globalThis.hit=1 attributeName=x dur=1s>',
  '$'.concat('{globalThis.hit=1}'),
  '{{constructor.constructor("globalThis.hit=1")()}}',
  '{a|<b>rich</b>} {@[0]} {b} {c}',
  '\\u003cscript>globalThis.hit=1\\u003c/script>',
  '\\"};globalThis.hit=1;//',
  ']]><script>globalThis.hit=1</script>',
  '&lt;script&gt;globalThis.hit=1&lt;/script&gt;',
  '&#x3C;img src=x onerror=globalThis.hit=1&#x3E;',
  '\u2028globalThis.hit=1\u2029',
  '\u202Egnp.exe\u202C',
  '\u0000<scr\u0000ipt>globalThis.hit=1</scr\u0000ipt>',
  '__proto__',
  '=HYPERLINK("//evil.example","x")',
  '<plaintext>',
  '<noscript><p title="</noscript><img src=x onerror=globalThis.hit=1>">',
  '<template><script>globalThis.hit=1</script></template>',
];

/** What a report looks up or computes with; everything else may hold any text. */
const KEPT = new Set(
  ['schema', 'startUtc', 'minute', 'askedAt', 'verdict', 'decision', 'severity', 'method', 'rule']
    .concat(['unit', 'shown', 'pairing', 'status', 'stopped', 'how', 'objective', 'via'])
    .concat(['offeredLoad', 'basis', 'phase', 'isExact', 'architecture', 'bottleneck', 'design']),
);
/** Records whose keys are names. */
const NAMED = new Set(['failures', 'rejected', 'dropped', 'droppedByReason']);

/** The document with an attack before every text that came from outside; the same text becomes the
 * same attack, so that names still refer to each other. */
export function hostileDocument<Document>(document: Document): Document {
  const known = new Map<string, string>();
  const attack = (text: string): string => {
    const own = known.get(text) ?? `${ATTACKS[known.size % ATTACKS.length]} ${text}`;
    known.set(text, own);
    return own;
  };
  return attacked(document, '', attack) as Document;
}

function attacked(value: unknown, key: string, attack: (text: string) => string): unknown {
  if (typeof value === 'string') return KEPT.has(key) ? value : attack(value);
  if (Array.isArray(value)) return value.map((one) => attacked(one, key, attack));
  if (value === null || typeof value !== 'object') return value;
  if (KEPT.has(key)) return value;
  const entries = Object.entries(value).map(([name, own]) => [
    NAMED.has(key) ? attack(name) : name,
    attacked(own, name, attack),
  ]);
  return Object.fromEntries(entries);
}
