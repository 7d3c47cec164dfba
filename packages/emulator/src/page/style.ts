/**
 * The one style sheet of both pages: a scale of type and space, two colour schemes, no image and no font from elsewhere. Its
 * colours keep the contrasts of WCAG 2.2 AA; the browser tests measure them.
 */
export const STYLE = `
:root{color-scheme:light dark;
--space-1:.25rem;--space-2:.5rem;--space-3:.75rem;--space-4:1rem;--space-5:1.5rem;--space-6:2.5rem;
--small:.8125rem;--normal:.9375rem;--large:1.125rem;--huge:1.5rem;--radius:.5rem;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;
--page:#f5f6f8;--card:#fff;--sunken:#f0f2f5;--line:#d5dae1;--field:#7a8594;--text:#1a212b;--quiet:#505b6a;
--accent:#1a56c4;--on-accent:#fff;--accent-strong:#123f94;--good:#11653a;--good-back:#e2f4e9;--warn:#7d4e00;--warn-back:#fcf0d5;
--bad:#a61b1b;--bad-back:#fce8e6;--focus:#1a56c4}
@media(prefers-color-scheme:dark){:root{
--page:#12161c;--card:#1a2029;--sunken:#141920;--line:#333d4b;--field:#77849a;--text:#e6eaf0;--quiet:#a6b1c0;
--accent:#8ab4ff;--on-accent:#0c1a33;--accent-strong:#b3ceff;--good:#7ed6a2;--good-back:#14301f;--warn:#f0c069;--warn-back:#33270d;
--bad:#ff9d94;--bad-back:#3b1917;--focus:#8ab4ff}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;font:var(--normal)/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;color:var(--text);background:var(--page);
font-variant-numeric:tabular-nums}
h1{font-size:var(--huge);line-height:1.2;margin:0;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:var(--large);line-height:1.3;margin:0}
h3{font-size:var(--normal);margin:0}
p{margin:0}code,pre,.mono{font-family:var(--mono);font-size:var(--small)}
code{overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.2em}a:hover{color:var(--accent-strong)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:.25rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:var(--space-3);top:var(--space-3);background:var(--card);padding:var(--space-2) var(--space-3);z-index:1}
.quiet{color:var(--quiet)}.small{font-size:var(--small)}
.stack{display:grid;gap:var(--space-4);grid-template-columns:minmax(0,1fr)}.tight{gap:var(--space-2)}
.row{display:flex;flex-wrap:wrap;gap:var(--space-2) var(--space-3);align-items:center}
.card{background:var(--card);border:1px solid var(--line);border-radius:var(--radius);padding:var(--space-4);min-width:0}
.badge{display:inline-block;border-radius:1rem;padding:0 var(--space-2);font-size:var(--small);font-weight:600;background:var(--sunken);color:var(--quiet);white-space:nowrap}
.good{color:var(--good);background:var(--good-back)}.warn{color:var(--warn);background:var(--warn-back)}.bad{color:var(--bad);background:var(--bad-back)}
.notice{border-radius:var(--radius);padding:var(--space-3) var(--space-4);border:1px solid currentColor;overflow-wrap:anywhere}
button,.button{font:inherit;font-weight:600;min-height:2.5rem;padding:var(--space-2) var(--space-4);border-radius:var(--radius);border:1px solid var(--field);
background:var(--card);color:var(--text);cursor:pointer;text-align:center}
button:hover{background:var(--sunken)}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.primary:hover{background:var(--accent-strong);border-color:var(--accent-strong)}
input,select,textarea{font:inherit;width:100%;min-height:2.5rem;padding:var(--space-1) var(--space-2);border:1px solid var(--field);border-radius:.375rem;
background:var(--card);color:var(--text)}
textarea{font-family:var(--mono);font-size:var(--small);resize:vertical}
input[type=checkbox]{width:1.25rem;min-height:0;height:1.25rem;margin:0;flex:none;accent-color:var(--accent)}
label{font-weight:600;font-size:var(--small)}
fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0;font-size:var(--large);font-weight:600}
ul.plain,ol.plain{list-style:none;margin:0;padding:0}
.choice{display:flex;gap:var(--space-3);align-items:center;padding:var(--space-3);border:1px solid var(--line);border-radius:var(--radius);
cursor:pointer;font-size:var(--normal);font-weight:400}
.choice:hover{background:var(--sunken)}.choice:has(:checked){border-color:var(--accent)}
.choice span{min-width:0;overflow-wrap:anywhere}.choice code{display:block;color:var(--quiet)}
.narrow{max-width:34rem;margin:0 auto;padding:var(--space-5) var(--space-4) var(--space-6)}
.wide{max-width:110rem;margin:0 auto;padding:var(--space-4)}
@media(min-width:40rem){.card{padding:var(--space-5)}.narrow{padding-top:var(--space-6)}.wide{padding:var(--space-5)}}
.spread{justify-content:space-between}
.columns{display:grid;gap:var(--space-4);grid-template-columns:minmax(0,1fr);align-items:start}
@media(min-width:64rem){.columns{grid-template-columns:minmax(0,3fr) minmax(20rem,2fr)}}
.filter{display:grid;gap:var(--space-2) var(--space-3);grid-template-columns:repeat(auto-fit,minmax(min(9rem,100%),1fr));align-items:end}
.requests>li{border-top:1px solid var(--line)}
summary{cursor:pointer;border-radius:.25rem}
.request>summary{display:grid;gap:0 var(--space-3);grid-template-columns:auto auto minmax(0,1fr);padding:var(--space-2);align-items:baseline;list-style:none}
.request>summary::-webkit-details-marker{display:none}
.request>summary:hover,.action>summary:hover{background:var(--sunken)}
.request[open]>summary{background:var(--sunken)}
.path{overflow-wrap:anywhere;grid-column:1/-1;grid-row:2}.method{font-weight:700}.marks{justify-self:end;text-align:right}
@media(min-width:40rem){.request>summary{grid-template-columns:8rem 4rem minmax(0,1fr) auto}.path{grid-column:auto;grid-row:auto}}
.whole{padding:var(--space-2) var(--space-2) var(--space-4);display:grid;gap:var(--space-3);grid-template-columns:minmax(0,1fr)}
.part{display:grid;gap:var(--space-1);grid-template-columns:minmax(0,1fr)}.part ul{margin:0;padding-left:var(--space-5)}
pre{margin:0;padding:var(--space-3);background:var(--sunken);border-radius:.375rem;white-space:pre-wrap;overflow-wrap:anywhere}
.properties{display:grid;grid-template-columns:minmax(0,9rem) minmax(0,1fr);gap:var(--space-1) var(--space-3);margin:0;font-size:var(--small)}
.properties dt{color:var(--quiet);overflow-wrap:anywhere}.properties dd{margin:0}
.action{border-top:1px solid var(--line);padding-top:var(--space-2)}.action>summary{font-weight:600;padding:var(--space-1) 0}
.action form{gap:var(--space-3);padding:var(--space-2) 0}.action button{justify-self:start}
.tick{display:flex;gap:var(--space-2);align-items:center}
table{border-collapse:collapse;width:100%;font-size:var(--small)}
td{padding:var(--space-2) 0 var(--space-2) 7rem;display:block;overflow-wrap:anywhere;padding-block:var(--space-1)}
thead{position:absolute;left:-99rem}table,tbody,tr{display:block}tr{padding:var(--space-2) 0;border-top:1px solid var(--line)}
td::before{content:attr(data-column);float:left;width:6.5rem;margin-left:-7rem;color:var(--quiet)}
table button{min-height:2rem;padding:0 var(--space-3);font-size:var(--small)}
.request>summary>:first-child::before{content:"\\25b8" / "";padding-right:var(--space-2)}
.request[open]>summary>:first-child::before{content:"\\25be" / ""}
@media(max-width:30rem){.properties{grid-template-columns:minmax(0,1fr);gap:0}.properties dd{padding-bottom:var(--space-1)}.actions button{width:100%}}
`;
