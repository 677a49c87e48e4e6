/**
 * The panel's box, as its inline style: `all` undoes what the page says of any element, but for its direction, and
 * `!important` what it would say more strongly. Set by script, which no policy forbids.
 */
export const box = `all: initial !important; direction: ltr !important; color-scheme: light dark !important;
position: fixed !important; inset: auto auto 8px 8px !important; width: 420px !important; max-width: calc(100vw - 16px) !important;
max-height: min(70vh, 560px) !important; overflow: auto !important; overscroll-behavior: contain !important;
z-index: 2147483647 !important; background: Canvas !important; color: CanvasText !important;
border: 1px solid GrayText !important; border-radius: 8px !important; box-shadow: 0 4px 24px #0006 !important;
font: 13px/1.45 system-ui, sans-serif !important`

/** What is within. */
export const sheet = `
* { box-sizing: border-box; margin: 0; padding: 0 }
section { --quiet: #5a5f66; --line: #d9dce0; --good: #16703a; --warn: #8a5000; --bad: #b3261e; --link: #1a56c4 }
@media (prefers-color-scheme: dark) {
  section { --quiet: #a6adb5; --line: #43484e; --good: #6fd396; --warn: #e9b45c; --bad: #ff958c; --link: #8ab4ff }
}
@media print { :host { display: none !important } }
header { position: sticky; top: 0; display: flex; align-items: center; gap: 6px; padding: 6px 8px 6px 12px;
  background: Canvas; border-bottom: 1px solid var(--line) }
h2 { font: inherit; font-weight: 700; flex: 1 }
h3 { font: inherit; font-weight: 700; padding: 8px 12px 0 }
button { font: inherit; color: var(--link); background: none; border: 1px solid var(--line); border-radius: 5px;
  padding: 1px 8px; min-height: 24px; cursor: pointer }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 10px; padding: 8px 12px 0 }
dt, time, code { color: var(--quiet) }
dd { overflow-wrap: anywhere }
ol { list-style: none; padding: 2px 12px 8px }
li { border-bottom: 1px solid var(--line); padding: 3px 0 }
summary { cursor: pointer }
code, pre, textarea { font: 12px/1.4 ui-monospace, Menlo, monospace }
code { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 4px 0 }
textarea { display: block; width: calc(100% - 24px); margin: 8px 12px 0 }
p:empty { display: none }
p { color: var(--quiet); padding: 2px 12px 8px }
.stage { display: block; font-weight: 600; color: var(--quiet) }
.delivered { color: var(--good) }
.waiting, .in-flight, .held { color: var(--warn) }
.refused, .dropped { color: var(--bad) }
`
