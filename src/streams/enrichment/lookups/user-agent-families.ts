/** Families of browsers and apps that Bowser does not tell, or names otherwise, by the tokens that
 * they write into a user agent; and Bowser's names in uap-core's words, which most tools share. Our
 * own table: the tokens are public, uap-core's patterns are not used. Spec: W92. */

/** A family, and the version as the user agent has it (`''` where it has none). */
export interface Family {
  readonly name: string;
  readonly version: string;
}

/** Tokens in the order in which they are believed: a special one before what it is built on. The
 * first group is the version. */
const TOKENS: readonly (readonly [RegExp, string])[] = [
  [/\bRuxitSynthetic\/([\d.]+)/, 'Ruxit Synthetic'],
  [/\bPingdom\.com_bot_version_([\d.]+)/, 'PingdomBot'],
  [/\b(?:LinkedInBot)\/([\d.]+)/, 'LinkedInBot'],
  [/\bTwitterbot\/([\d.]+)/, 'Twitterbot'],
  [/\bfacebookexternalhit\/([\d.]+)/i, 'FacebookBot'],
  [/\bWhatsApp\/([\d.]+)/, 'WhatsApp'],
  [/\bGoogleImageProxy\b()/, 'GmailImageProxy'],
  [/\bpython-requests\/([\d.]+)/i, 'Python Requests'],
  [/\bcurl\/([\d.]+)/, 'curl'],
  [/\bWget\/([\d.]+)/, 'Wget'],
  [/\bokhttp\/([\d.]+)/, 'okhttp'],
  [/^Java\/?([\d.]+)/, 'Java'],
  [/\bThunderbird\/([\d.]+)/, 'Thunderbird'],
  [/\bLightning\/([\d.]+)/, 'Lightning'],
  [/\bOculusBrowser\/([\d.]+)/, 'Oculus Browser'],
  [/\bOPT\/([\d.]+)/, 'Opera Touch'],
  [/\bOPX\/([\d.]+)/, 'Opera GX'],
  [/\bOPiOS\/([\d.]+)/, 'Opera Mini'],
  [/\bOpera Mini\/([\d.]+)/, 'Opera Mini'],
  [/\bOpera Tablet.*Version\/([\d.]+)/, 'Opera Tablet'],
  [/\bOpera Mobi.*Version\/([\d.]+)/, 'Opera Mobile'],
  [/\bOpera Mobi\b()/, 'Opera Mobile'],
  [/\bEdgA?\/([\d.]+)/, 'Edge'],
  [/\bEdge\/([\d.]+)/, 'Edge'],
  [/\bEdgiOS\/([\d.]+)/, 'Edge Mobile'],
  [/\bIEMobile[/ ]([\d.]+)/, 'IE Mobile'],
  [/\bSamsungBrowser\/([\d.]+)/, 'Samsung Internet'],
  [/\b(?:VivoBrowser)\/([\d.]+)/, 'VivoBrowser'],
  [/\bHiBrowser\/v?([\d.]+)/, 'HiBrowser'],
  [/\bMQQBrowser\/([\d.]+)/, 'QQ Browser Mobile'],
  [/\bQQBrowser\/([\d.]+)/, 'QQ Browser'],
  [/\bUCBrowser\/([\d.]+)/, 'UC Browser'],
  [/\b(?:baidubrowser|bdbrowser_i18n)[/ ]([\d.]+)/i, 'Baidu Browser'],
  [/\bbaiduboxapp\/([\d.]+)/, 'Baidu Explorer'],
  [/\bWeibo\b.*?__([\d.]+)/i, 'Weibo'],
  [/\bInstagram ([\d.]+)/, 'Instagram'],
  [/\bFBAV\/([\d.]+)/, 'Facebook'],
  [/\bFxiOS\/([\d.]+)/, 'Firefox iOS'],
  [/\bCamoufox\/([\d.]+)/, 'Camoufox'],
  [/\bSeaMonkey\/([\d.]+)/, 'SeaMonkey'],
  [/\bIceCat\/([\d.]+)/, 'IceCat'],
  [/\bIceweasel\/([\d.]+)/, 'Iceweasel'],
  [/\bPaleMoon\/([\d.]+)/, 'Pale Moon'],
  [/\bVivaldi\/([\d.]+)/, 'Vivaldi'],
  [/\bYaBrowser\/([\d.]+)/, 'Yandex Browser'],
  [/\bComodo_Dragon\/([\d.]+)/, 'Comodo Dragon'],
  [/\bRockMelt\/([\d.]+)/, 'RockMelt'],
  [/\bIron\/([\d.]+)/, 'Iron'],
  [/\bMidori\/([\d.]+)/, 'Midori'],
  [/\bKonqueror\/([\d.]+)/i, 'Konqueror'],
  [/\brekonq\b(?:\/([\d.]+))?/i, 'Rekonq'],
  [/\bConkeror\/([\d.]+)/i, 'Conkeror'],
  [/\bSilk\/([\d.]+)/, 'Amazon Silk'],
  [/\bKindle\/([\d.]+)/, 'Kindle'],
  [/\bSkyfire\/([\d.]+)/, 'Skyfire'],
  [/\bBOLT\/([\d.]+)/, 'BOLT'],
  [/\bDolfin\/([\d.]+)/, 'Dolfin'],
  [/\bObigo[/ -]?(?:InternetBrowser\/)?(?:Q|WAP)?([\d.]*)/, 'Obigo'],
  [/\bNetFront NX\/([\d.]+)|\bNX\/([\d.]+)/, 'NetFront NX'],
  [/\bNetFront\/([\d.]+)/, 'NetFront'],
  [/\bNokiaBrowser\/([\d.]+)|\bBrowserNG\/([\d.]+)/, 'Nokia Browser'],
  [/\b(?:UP\.Browser|Openwave)\/([\d.]+)/, 'Openwave'],
  [/\b(?:BlackBerry|BB10|PlayBook).*Version\/([\d.]+).*WebKit/, 'BlackBerry WebKit'],
  [/\bBlackBerry\d*[a-z]?\/([\d.]+)/i, 'BlackBerry'],
  [/\bwatchOS\/([\d.]+)/, 'Apple Watch App'],
  [/\bMSIE ([\d.]+)/, 'IE'],
  [/\bTrident\/.*\brv:([\d.]+)/, 'IE'],
  [/\bCrMo\/([\d.]+)/, 'Chrome Mobile'],
  [/\bCriOS\/([\d.]+)/, 'Chrome Mobile iOS'],
  [/; wv\).*\bChrome\/([\d.]+)/, 'Chrome Mobile WebView'],
  [/\bVersion\/[\d.]+.*\bChrome\/([\d.]+).*\bMobile\b/, 'Chrome Mobile WebView'],
  [/\bAndroid\b.*\bFirefox\/([\d.]+)|\b(?:Mobile|Tablet);.*\bFirefox\/([\d.]+)/, 'Firefox Mobile'],
];

/** Bowser's names in uap-core's words; what stands here is also what may be said at all. */
const RENAMED: Readonly<Record<string, string>> = {
  'Internet Explorer': 'IE',
  'Microsoft Edge': 'Edge',
  'Android Browser': 'Android',
  'Samsung Internet for Android': 'Samsung Internet',
};
const MAJOR_LENGTH = 24;

/** The family that a token tells; undefined where none does. Cost O(tokens × length): callers
 * remember. */
export function familyOfToken(userAgent: string): Family | undefined {
  for (const [pattern, name] of TOKENS) {
    const match = pattern.exec(userAgent);
    if (match === null) continue;
    return { name, version: (match[1] ?? match[2] ?? '').slice(0, MAJOR_LENGTH) };
  }
  return undefined;
}

/** Bowser's family by the common name, with what it is on where that makes another family. */
export function commonFamily(name: string, userAgent: string): string {
  if (name === 'Chrome' && /\bAndroid\b.*\bMobile\b/.test(userAgent)) return 'Chrome Mobile';
  if (name === 'Opera' && /\bAndroid\b/.test(userAgent)) return 'Opera Mobile';
  if (name === 'Safari' && /\b(?:iPhone|iPad|iPod)\b/.test(userAgent)) {
    return /\bSafari\//.test(userAgent) ? 'Mobile Safari' : 'Mobile Safari UI/WKWebView';
  }
  return Object.hasOwn(RENAMED, name) ? (RENAMED[name] ?? name) : name;
}
